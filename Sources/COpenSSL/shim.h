#ifndef TIMBERLINE_COPENSSL_SHIM_H
#define TIMBERLINE_COPENSSL_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

#endif
