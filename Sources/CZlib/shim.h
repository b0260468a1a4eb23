#ifndef TIMBERLINE_CZLIB_SHIM_H
#define TIMBERLINE_CZLIB_SHIM_H
#include <zlib.h>
#endif
