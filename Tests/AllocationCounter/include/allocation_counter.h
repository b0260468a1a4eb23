#include <stdbool.h>
#include <stdint.h>

// Whether allocations are counted here: with the GNU C library, and without a sanitizer that has its own allocator.
bool allocation_counter_is_supported(void);

// The number of times that this thread has asked for memory.
uint64_t allocation_count(void);
