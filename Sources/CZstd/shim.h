#ifndef TIMBERLINE_CZSTD_SHIM_H
#define TIMBERLINE_CZSTD_SHIM_H
#include <zstd.h>
#include <zstd_errors.h>
#endif
