#include "forest_kernel.h"

#pragma STDC FP_CONTRACT OFF

void forest_kernel_prefetch(const void *start, int64_t bytes) {
    const char *line = start;
    for (int64_t at = 0; at < bytes; at += 64) __builtin_prefetch(line + at, 0, 2);
}

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi2")))
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

bool forest_kernel_is_supported(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

AVX2 INLINE __m256i iota(void) { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }

// `kind` below is the number of dimensions up to 4; 8 for a width of 8; 32 for widths up to that; 33 for wider boxes.
// `many` says whether each lane has a query of its own: up to four dimensions in rows of lanes, else one after the
// other, `width` values each. Else one query serves all lanes, which differ in their trees.

// The values at the lowest bits of `target`, from rows of up to four dimensions' values, eight lanes of each.
AVX2 INLINE __m256 values_in_rows(const float *rows, const int stride, __m256i target, const int dimensions) {
    // Bits beyond those of a dimension may be set in leaves, where any value will do: a leaf's mass is there.
    __m256 bit0 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 31));
    __m256 bit1 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 30));
    __m256 a = _mm256_loadu_ps(rows);
    if (dimensions == 1) return a;
    a = _mm256_blendv_ps(a, _mm256_loadu_ps(rows + stride), bit0);
    if (dimensions == 2) return a;
    __m256 b = _mm256_loadu_ps(rows + 2 * stride);
    if (dimensions == 4) b = _mm256_blendv_ps(b, _mm256_loadu_ps(rows + 3 * stride), bit0);
    return _mm256_blendv_ps(a, b, bit1);
}

// The values at the lowest 16 bits of `target`, for the eight lanes from `lane` on.
AVX2 INLINE __m256 values_at(const forest_kernel_walk *w, const float *query, __m256i target, int lane, const int kind,
                             const int many) {
    if (many && kind <= 4) return values_in_rows(query + lane, w->row_lanes, target, kind);
    if (!many && kind <= 8) return _mm256_permutevar8x32_ps(_mm256_loadu_ps(query), target);
    if (!many && kind == 32) {
        // The fourth and fifth bit choose among four eights. Quicker than a gather.
        __m256 a = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query), target);
        __m256 b = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 8), target);
        __m256 c = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 16), target);
        __m256 d = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 24), target);
        __m256 bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 28));
        __m256 bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 27));
        return _mm256_blendv_ps(_mm256_blendv_ps(a, b, bit3), _mm256_blendv_ps(c, d, bit3), bit4);
    }
    __m256i place = _mm256_and_si256(target, _mm256_set1_epi32(0xFFFF));
    if (many) {
        __m256i lanes = _mm256_add_epi32(_mm256_set1_epi32(lane), iota());
        place = _mm256_add_epi32(place, _mm256_mullo_epi32(lanes, _mm256_set1_epi32(w->width)));
    }
    return _mm256_i32gather_ps(query, place, 4);
}

// One level down for the eight lanes whose node indexes are in `row`, `lane` being the first. Indexes are read back
// one by one from the row, which was stored as a whole: that is forwarded, and cheaper than taking a register apart.
// With `guests` each lane takes its values from there.
AVX2 INLINE __m256i step(const forest_kernel_walk *w, const uint32_t *row, const float *query, const float *guests,
                         int lane, const int kind, const int many) {
    const uint64_t *nodes = w->nodes;
    __m128d a = _mm_load_sd((const double *)(nodes + row[0]));
    __m128d b = _mm_load_sd((const double *)(nodes + row[2]));
    __m128d c = _mm_load_sd((const double *)(nodes + row[4]));
    __m128d d = _mm_load_sd((const double *)(nodes + row[6]));
    a = _mm_loadh_pd(a, (const double *)(nodes + row[1]));
    b = _mm_loadh_pd(b, (const double *)(nodes + row[3]));
    c = _mm_loadh_pd(c, (const double *)(nodes + row[5]));
    d = _mm_loadh_pd(d, (const double *)(nodes + row[7]));
    // Lanes 0 1 4 5 and 2 3 6 7, so that the shuffles give them in order.
    __m256 ac = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_castpd_ps(a)), _mm_castpd_ps(c), 1);
    __m256 bd = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_castpd_ps(b)), _mm_castpd_ps(d), 1);
    __m256 cut = _mm256_shuffle_ps(ac, bd, 0x88);
    __m256i target = _mm256_castps_si256(_mm256_shuffle_ps(ac, bd, 0xDD));
    __m256 value = guests ? values_in_rows(guests, 8, target, 4) : values_at(w, query, target, lane, kind, many);
    __m256i right = _mm256_castps_si256(_mm256_cmp_ps(value, cut, _CMP_GT_OQ));
    __m256i pair = _mm256_srli_epi32(target, 16);
    __m256i root = _mm256_loadu_si256((const __m256i *)(w->roots + lane));
    __m256i child = _mm256_add_epi32(_mm256_add_epi32(pair, pair), root);
    return _mm256_sub_epi32(child, right);
}

// Takes `count` vectors of eight lanes down side by side, and counts their levels. The last one's are guests, if any.
AVX2 INLINE void descend_vectors(const forest_kernel_walk *w, const float *query, const float *guests, const int count,
                                 const int kind, const int many) {
    const int stride = w->row_lanes;
    uint32_t *row = w->path;
    __m256i same[8];
    UNROLL
    for (int v = 0; v < count; v++) {
        same[v] = _mm256_setzero_si256();
        _mm256_storeu_si256((__m256i *)(row + 8 * v), _mm256_loadu_si256((const __m256i *)(w->roots + 8 * v)));
    }
    int levels = 0;
    for (;;) {
        __m256i still = _mm256_set1_epi32(-1);
        // A leaf is its own child: two levels between tests for the end.
        UNROLL
        for (int twice = 0; twice < 2; twice++) {
            UNROLL
            for (int v = 0; v < count; v++) {
                const float *own = v == count - 1 ? guests : 0;
                __m256i next = step(w, row + 8 * v, query, own, 8 * v, kind, many);
                _mm256_storeu_si256((__m256i *)(row + stride + 8 * v), next);
                __m256i equal = _mm256_cmpeq_epi32(next, _mm256_loadu_si256((const __m256i *)(row + 8 * v)));
                same[v] = _mm256_sub_epi32(same[v], equal);
                if (twice == 1) still = _mm256_and_si256(still, equal);
                // Keeps values that are in memory anyway out of the registers: there are too few.
                __asm__ volatile("" ::: "memory");
            }
            row += stride;
        }
        levels += 2;
        if (_mm256_movemask_epi8(still) == -1) break;
    }
    UNROLL
    for (int v = 0; v < count; v++) {
        __m256i depth = _mm256_sub_epi32(_mm256_set1_epi32(levels), same[v]);
        _mm256_storeu_si256((__m256i *)(w->depths + 8 * v), depth);
    }
}

// A group has up to eight vectors: the more go down side by side, the less each waits for its memory.
AVX2 INLINE void descend(const forest_kernel_walk *w, const float *query, const float *guests, int lanes,
                         const int kind, const int many) {
    switch ((lanes + 7) / 8) {
    case 1: descend_vectors(w, query, guests, 1, kind, many); break;
    case 2: descend_vectors(w, query, guests, 2, kind, many); break;
    case 3: descend_vectors(w, query, guests, 3, kind, many); break;
    case 4: descend_vectors(w, query, guests, 4, kind, many); break;
    case 5: descend_vectors(w, query, guests, 5, kind, many); break;
    case 6: descend_vectors(w, query, guests, 6, kind, many); break;
    case 7: descend_vectors(w, query, guests, 7, kind, many); break;
    default: descend_vectors(w, query, guests, 8, kind, many); break;
    }
}

AVX2 void forest_kernel_descend(const forest_kernel_walk *walk, const float *query, int32_t lanes) {
    if (walk->width <= 8) {
        descend(walk, query, 0, lanes, 8, 0);
    } else if (walk->width <= 32) {
        descend(walk, query, 0, lanes, 32, 0);
    } else {
        descend(walk, query, 0, lanes, 33, 0);
    }
}

// Of its own, once for all narrow points, so that the usual walk is not told apart from it at each step.
AVX2 static __attribute__((noinline)) void descend_with_guests(const forest_kernel_walk *w, const float *query,
                                                               const float *guests, int lanes) {
    if (!guests) __builtin_unreachable();
    descend(w, query, guests, lanes, 8, 0);
}

typedef struct {
    // How far the points are outside of boxes, summed over the dimensions; and the boxes' range sums.
    __m256 outside, range;
    // Of narrow boxes: how far outside in the dimension that is the furthest; negative for how far inside.
    __m256 furthest;
} gaps;

AVX2 INLINE __m256 two_rows(const float *one, const float *other) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(one)), _mm_loadu_ps(other), 1);
}

// A coordinate of eight boxes of up to four dimensions, from rows k and k + 4 side by side.
AVX2 INLINE void transpose(const float *const rows[8], int offset, __m256 out[4], const int dimensions) {
    __m256 r0 = two_rows(rows[0] + offset, rows[4] + offset);
    __m256 r1 = two_rows(rows[1] + offset, rows[5] + offset);
    __m256 r2 = two_rows(rows[2] + offset, rows[6] + offset);
    __m256 r3 = two_rows(rows[3] + offset, rows[7] + offset);
    __m256 a = _mm256_unpacklo_ps(r0, r1), b = _mm256_unpacklo_ps(r2, r3);
    out[0] = _mm256_shuffle_ps(a, b, 0x44);
    if (dimensions > 1) out[1] = _mm256_shuffle_ps(a, b, 0xEE);
    if (dimensions > 2) {
        __m256 c = _mm256_unpackhi_ps(r0, r1), d = _mm256_unpackhi_ps(r2, r3);
        out[2] = _mm256_shuffle_ps(c, d, 0x44);
        if (dimensions > 3) out[3] = _mm256_shuffle_ps(c, d, 0xEE);
    }
}

AVX2 INLINE gaps narrow_gaps(const forest_kernel_walk *w, const uint32_t *path, const uint32_t *offsets,
                             const __m256 values[4], const int dimensions) {
    const float *rows[8];
    for (int k = 0; k < 8; k++) {
        uint64_t pair = path[offsets[k]] >> 1;
        rows[k] = w->boxes + pair * 2 * dimensions;
    }
    __m256 low[4], high[4], gap[4], range[4];
    transpose(rows, 0, low, dimensions);
    transpose(rows, dimensions, high, dimensions);
    __m256 zero = _mm256_setzero_ps();
    gaps result;
    for (int i = 0; i < dimensions; i++) {
        __m256 away = _mm256_max_ps(_mm256_sub_ps(low[i], values[i]), _mm256_sub_ps(values[i], high[i]));
        result.furthest = i == 0 ? away : _mm256_max_ps(result.furthest, away);
        gap[i] = _mm256_max_ps(away, zero);
        range[i] = _mm256_sub_ps(high[i], low[i]);
    }
    if (dimensions == 1) {
        result.outside = gap[0];
        result.range = range[0];
    } else if (dimensions == 2) {
        result.outside = _mm256_add_ps(gap[0], gap[1]);
        result.range = _mm256_add_ps(range[0], range[1]);
    } else if (dimensions == 3) {
        result.outside = _mm256_add_ps(_mm256_add_ps(gap[0], gap[1]), gap[2]);
        result.range = _mm256_add_ps(_mm256_add_ps(range[0], range[1]), range[2]);
    } else {
        result.outside = _mm256_add_ps(_mm256_add_ps(gap[0], gap[1]), _mm256_add_ps(gap[2], gap[3]));
        result.range = _mm256_add_ps(_mm256_add_ps(range[0], range[1]), _mm256_add_ps(range[2], range[3]));
    }
    return result;
}

AVX2 INLINE gaps gaps_of_width(const forest_kernel_walk *w, const uint32_t *path, const uint32_t *offsets,
                               const float *query, const uint32_t *lanes, const int width) {
    // Of each two boxes: how far the point is outside of the first, and its range; then the same of the second.
    __m128 both[4];
    __m256 zero = _mm256_setzero_ps(), first = zero;
    UNROLL
    for (int k = 0; k < 8; k++) {
        uint64_t pair = path[offsets[k]] >> 1;
        const float *box = w->boxes + pair * 2 * width, *values = lanes ? query + lanes[k] * (uint64_t)width : query;
        __m256 sum = zero, range = zero;
        for (int i = 0; i < width; i += 8) {
            __m256 value = _mm256_loadu_ps(values + i);
            __m256 low = _mm256_loadu_ps(box + i), high = _mm256_loadu_ps(box + width + i);
            __m256 gap = _mm256_max_ps(_mm256_max_ps(_mm256_sub_ps(low, value), _mm256_sub_ps(value, high)), zero);
            __m256 side = _mm256_sub_ps(high, low);
            sum = i == 0 ? gap : _mm256_add_ps(sum, gap);
            range = i == 0 ? side : _mm256_add_ps(range, side);
        }
        __m256 halves = _mm256_hadd_ps(sum, range);
        if (k % 2 == 0) {
            first = halves;
        } else {
            __m256 lows = _mm256_hadd_ps(first, halves);
            both[k / 2] = _mm_add_ps(_mm256_castps256_ps128(lows), _mm256_extractf128_ps(lows, 1));
        }
    }
    __m256 a = _mm256_insertf128_ps(_mm256_castps128_ps256(both[0]), both[2], 1);
    __m256 b = _mm256_insertf128_ps(_mm256_castps128_ps256(both[1]), both[3], 1);
    gaps result;
    result.outside = _mm256_shuffle_ps(a, b, 0x88);
    result.range = _mm256_shuffle_ps(a, b, 0xDD);
    result.furthest = zero;
    return result;
}

// Where the compiler knows the width it keeps the query in registers, and loops go without a counter.
AVX2 INLINE gaps wide_gaps(const forest_kernel_walk *w, const uint32_t *path, const uint32_t *offsets,
                           const float *query, const uint32_t *lanes, const int kind) {
    if (kind == 8) return gaps_of_width(w, path, offsets, query, lanes, 8);
    if (kind == 32 && w->width == 16) return gaps_of_width(w, path, offsets, query, lanes, 16);
    if (kind == 32 && w->width == 24) return gaps_of_width(w, path, offsets, query, lanes, 24);
    if (kind == 32) return gaps_of_width(w, path, offsets, query, lanes, 32);
    return gaps_of_width(w, path, offsets, query, lanes, w->width);
}

// Eight wide boxes are some 40 cache lines: the next eight are asked for while these are worked on.
AVX2 INLINE void prefetch_boxes(const forest_kernel_walk *w, const uint32_t *offsets) {
    const int lines = w->width <= 32 ? (w->width + 7) / 8 : 4;
    for (int k = 0; k < 8; k++) {
        const float *box = w->boxes + (uint64_t)(w->path[offsets[k]] >> 1) * 2 * (uint64_t)w->width;
        for (int line = 0; line < lines; line++) _mm_prefetch((const char *)(box + 16 * line), _MM_HINT_T0);
    }
}

// The order of lanes that brings those of the mask to the front.
AVX2 INLINE __m256i front_order(unsigned mask) {
    uint64_t bytes = _pdep_u64(mask, 0x0101010101010101) * 0xFF;
    uint64_t order = _pext_u64(0x0706050403020100, bytes);
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)order));
}

// All bits in the first `count` lanes.
AVX2 INLINE __m256 front_lanes(int count) {
    static const int32_t bits[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)(bits + (count < 8 ? 8 - count : 0))));
}

AVX2 INLINE int64_t sum_lanes(__m256i value) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(half);
}

// Eight lanes on their way up, one level at a time.
typedef struct {
    // The level that comes next, and the score up to it.
    __m256 level, result;
    // Lanes that no box has contained yet.
    __m256 active;
    // Narrow queries.
    __m256 values[4];
    // Lanes that may equal their leaf, by the first box that they meet.
    __m256 doubtful;
} climb;

// Takes eight lanes up by one level, past the boxes that `path` names at the offsets. Returns the probabilities of a
// separating cut. `lanes` says whose query each lane has; none if there is one for all.
AVX2 INLINE __m256 rise(climb *eight, const forest_kernel_walk *w, const uint32_t *path, const uint32_t *offsets,
                        const float *query, const uint32_t *lanes, const int kind) {
    const __m256 one = _mm256_set1_ps(1), zero = _mm256_setzero_ps();
    gaps g = kind <= 4 ? narrow_gaps(w, path, offsets, eight->values, kind)
                       : wide_gaps(w, path, offsets, query, lanes, kind);
    __m256 outside = _mm256_cmp_ps(g.outside, zero, _CMP_GT_OQ);
    // A leaf lies on a side of its parent's box, except for a root, whose box is infinite.
    __m256 beside = _mm256_or_ps(_mm256_cmp_ps(g.furthest, zero, _CMP_EQ_OQ),
                                 _mm256_cmp_ps(eight->level, zero, _CMP_EQ_OQ));
    eight->doubtful = _mm256_and_ps(_mm256_andnot_ps(outside, eight->active), beside);
    eight->active = _mm256_and_ps(eight->active, outside);
    __m256 separation = _mm256_div_ps(g.outside, _mm256_add_ps(g.range, g.outside));
    __m256 risen = _mm256_add_ps(_mm256_mul_ps(separation, _mm256_div_ps(one, eight->level)),
                                 _mm256_mul_ps(_mm256_sub_ps(one, separation), eight->result));
    eight->result = _mm256_blendv_ps(eight->result, risen, eight->active);
    eight->level = _mm256_sub_ps(eight->level, one);
    return separation;
}

// The most lanes of a walk.
enum { LARGEST_GROUP = 64 };

// The lists of lanes on their way up: rows of the scratch.
enum { OFFSETS, LEVELS, RESULTS, LANES, VALUES };

AVX2 INLINE uint32_t *list(const forest_kernel_walk *w, int which) { return w->scratch + which * (w->row_lanes + 8); }

AVX2 INLINE float *float_list(const forest_kernel_walk *w, int which) { return (float *)list(w, which); }

// The eight lanes from `first` on at their leaves; the list of offsets gets where in the path these are.
AVX2 INLINE climb start(const forest_kernel_walk *w, const float *query, int first, int lanes, int at, const int kind,
                        const int many) {
    const __m256 one = _mm256_set1_ps(1);
    __m256i depth = _mm256_loadu_si256((const __m256i *)(w->depths + first));
    __m256i lane = _mm256_add_epi32(iota(), _mm256_set1_epi32(first));
    __m256i row = _mm256_mullo_epi32(depth, _mm256_set1_epi32(w->row_lanes));
    _mm256_storeu_si256((__m256i *)(list(w, OFFSETS) + at), _mm256_add_epi32(row, lane));
    if (many) _mm256_storeu_si256((__m256i *)(list(w, LANES) + at), lane);
    climb eight;
    eight.level = _mm256_cvtepi32_ps(depth);
    eight.result = _mm256_div_ps(one, _mm256_add_ps(eight.level, one));
    eight.active = front_lanes(lanes - first);
    for (int i = 0; i < kind && kind <= 4; i++)
        eight.values[i] = many ? _mm256_loadu_ps(query + i * w->row_lanes + first) : _mm256_broadcast_ss(query + i);
    return eight;
}

AVX2 INLINE __m256i fixed_point(__m256 score) {
    return _mm256_cvttps_epi32(_mm256_mul_ps(score, _mm256_set1_ps(0x1p24f)));
}

// Writes the lanes of the mask; returns how many these are.
INLINE int list_lanes(uint64_t mask, uint32_t *lanes) {
    int count = 0;
    for (; mask; mask &= mask - 1) lanes[count++] = (uint32_t)__builtin_ctzll(mask);
    return count;
}

// Lanes go up some levels between tests for their end: what a lane does after it has arrived is for nothing, but
// what comes next need not wait for it. The path has rows of zeros above the root's for that.
AVX2 INLINE int64_t score(const forest_kernel_walk *given, const float *query, const float *guests, int lanes,
                          int recorded, int32_t *doubtful_count, const int kind, const int many) {
    const forest_kernel_walk copy = *given, *w = &copy;
    if (guests) {
        descend_with_guests(w, query, guests, lanes);
    } else {
        descend(w, query, 0, lanes, kind, many);
    }
    const int stride = w->row_lanes;
    const int levels = kind <= 8 ? 3 : 1;
    const __m256i climbed = _mm256_set1_epi32(levels * stride);
    __m256i total = _mm256_setzero_si256();
    uint64_t doubtful = 0;

    // Recorded lanes keep their places to the end. The others are a list, which those that have arrived leave.
    const int own = (recorded + 7) / 8, next = 8 * own;
    climb up[LARGEST_GROUP / 8];
    __m256i climbs[LARGEST_GROUP / 8];
    for (int v = 0; v < own; v++) {
        up[v] = start(w, query, 8 * v, lanes, 8 * v, kind, many);
        climbs[v] = _mm256_setzero_si256();
    }
    uint32_t *offsets = list(w, OFFSETS) + next, *ids = many ? list(w, LANES) : 0;
    unsigned rising = (1u << own) - 1;
    int left = lanes - next;
    // All together in sweeps: no lane waits for another to arrive.
    for (int sweep = 0; rising || left > 0; sweep++) {
        for (unsigned rest = rising; rest; rest &= rest - 1) {
            const int v = __builtin_ctz(rest);
            climb eight = up[v];
            uint32_t *places = list(w, OFFSETS) + 8 * v;
            float *separations = w->separations + sweep * levels * stride + 8 * v;
            UNROLL
            for (int k = 0; k < levels; k++) {
                __m256 separation = rise(&eight, w, w->path - k * stride, places, query, 0, kind);
                _mm256_storeu_ps(separations + k * stride, separation);
                if (sweep == 0 && k == 0) doubtful |= (uint64_t)_mm256_movemask_ps(eight.doubtful) << (8 * v);
                climbs[v] = _mm256_sub_epi32(climbs[v], _mm256_castps_si256(eight.active));
            }
            __m256i place = _mm256_loadu_si256((const __m256i *)places);
            place = _mm256_sub_epi32(place, _mm256_and_si256(climbed, _mm256_castps_si256(eight.active)));
            _mm256_storeu_si256((__m256i *)places, place);
            if (!_mm256_movemask_ps(eight.active)) rising &= ~(1u << v);
            up[v] = eight;
        }
        int kept = 0;
        for (int at = 0; at < left; at += 8) {
            climb eight;
            if (sweep == 0) {
                eight = start(w, query, next + at, lanes, next + at, kind, many);
            } else {
                eight.level = _mm256_loadu_ps(float_list(w, LEVELS) + at);
                eight.result = _mm256_loadu_ps(float_list(w, RESULTS) + at);
                eight.active = front_lanes(left - at);
                for (int i = 0; i < kind && kind <= 4; i++)
                    eight.values[i] = many ? _mm256_loadu_ps(float_list(w, VALUES + i) + at)
                                           : _mm256_broadcast_ss(query + i);
                if (kind > 8 && at + 8 < left) prefetch_boxes(w, offsets + at + 8);
            }
            const __m256 before = eight.active;
            UNROLL
            for (int k = 0; k < levels; k++) {
                rise(&eight, w, w->path - k * stride, offsets + at, query, many ? ids + at : 0, kind);
                if (sweep == 0 && k == 0)
                    doubtful |= (uint64_t)_mm256_movemask_ps(eight.doubtful) << (next + at);
            }
            __m256i fixed = fixed_point(eight.result);
            if (many) {
                // What is there after a lane's last sweep is its score.
                uint32_t scores[8];
                _mm256_storeu_si256((__m256i *)scores, fixed);
                for (int k = 0; k < 8; k++) w->scores[ids[at + k]] = scores[k];
            } else {
                __m256 arrived = _mm256_andnot_ps(eight.active, before);
                total = _mm256_add_epi32(total, _mm256_and_si256(fixed, _mm256_castps_si256(arrived)));
            }
            unsigned mask = (unsigned)_mm256_movemask_ps(eight.active);
            __m256i order = front_order(mask);
            __m256i offset = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(offsets + at)), climbed);
            _mm256_storeu_si256((__m256i *)(offsets + kept), _mm256_permutevar8x32_epi32(offset, order));
            _mm256_storeu_ps(float_list(w, LEVELS) + kept, _mm256_permutevar8x32_ps(eight.level, order));
            _mm256_storeu_ps(float_list(w, RESULTS) + kept, _mm256_permutevar8x32_ps(eight.result, order));
            if (many) {
                __m256i id = _mm256_loadu_si256((const __m256i *)(ids + at));
                _mm256_storeu_si256((__m256i *)(ids + kept), _mm256_permutevar8x32_epi32(id, order));
                for (int i = 0; i < kind && kind <= 4; i++)
                    _mm256_storeu_ps(float_list(w, VALUES + i) + kept,
                                     _mm256_permutevar8x32_ps(eight.values[i], order));
            }
            kept += __builtin_popcount(mask);
        }
        // The rest of the last eight must name boxes that exist, and no lane's score.
        _mm256_storeu_si256((__m256i *)(offsets + kept), _mm256_setzero_si256());
        if (many) _mm256_storeu_si256((__m256i *)(ids + kept), _mm256_set1_epi32(stride));
        left = kept;
    }
    for (int v = 0; v < own; v++) {
        _mm256_storeu_si256((__m256i *)(w->climbs + 8 * v), climbs[v]);
        __m256i valid = _mm256_castps_si256(front_lanes(lanes - 8 * v));
        total = _mm256_add_epi32(total, _mm256_and_si256(fixed_point(up[v].result), valid));
    }
    *doubtful_count = list_lanes(doubtful, w->doubtful);
    return sum_lanes(total);
}

#define SCORE(walk, query, guests, lanes, recorded, count, many) \
    switch ((walk)->dimensions) { \
    case 1: return score(walk, query, guests, lanes, recorded, count, 1, many); \
    case 2: return score(walk, query, guests, lanes, recorded, count, 2, many); \
    case 3: return score(walk, query, guests, lanes, recorded, count, 3, many); \
    case 4: return score(walk, query, guests, lanes, recorded, count, 4, many); \
    default: break; \
    } \
    if ((walk)->width == 8) return score(walk, query, 0, lanes, recorded, count, 8, many); \
    if ((walk)->width <= 32) return score(walk, query, 0, lanes, recorded, count, 32, many); \
    return score(walk, query, 0, lanes, recorded, count, 33, many)

AVX2 int64_t forest_kernel_score(const forest_kernel_walk *walk, const float *query, const float *guests, int32_t lanes,
                                 int32_t recorded, int32_t *doubtful_count) {
    SCORE(walk, query, guests, lanes, recorded, doubtful_count, 0);
}

AVX2 static int64_t score_block(const forest_kernel_walk *walk, const float *queries, int32_t lanes,
                                int32_t *doubtful_count) {
    SCORE(walk, queries, 0, lanes, 0, doubtful_count, 1);
}

AVX2 void forest_kernel_score_block(const forest_kernel_walk *walk, uint32_t root, const float *queries, int32_t lanes,
                                    int64_t *sums, int32_t *doubtful_count) {
    for (int lane = 0; lane < lanes; lane += 8)
        _mm256_storeu_si256((__m256i *)(walk->roots + lane), _mm256_set1_epi32((int)root));
    score_block(walk, queries, lanes, doubtful_count);
    for (int lane = 0; lane < lanes; lane++) sums[lane] += walk->scores[lane];
}

// Bits of the Float from which on a cut marks a leaf.
#define LEAF_CUT 0x79800000u

typedef struct {
    const float *low, *high;
} bounds;

// The minima and maxima of what a node holds: its box, or twice its point.
INLINE bounds bounds_of(const forest_kernel_walk *w, uint32_t index, uint32_t tree_root, const float *points,
                        int64_t point_stride) {
    uint64_t node = w->nodes[index];
    uint32_t cut = (uint32_t)node & 0x7FFFFFFF;
    // Both addresses, and no branch: which one it is nobody can foresee. A leaf's pair has a box too.
    const bool is_leaf = cut >= LEAF_CUT;
    const float *point = points + (int64_t)(is_leaf ? cut - LEAF_CUT : 0) * point_stride;
    const float *box = w->boxes + ((tree_root >> 1) + (node >> 48)) * 2 * (uint64_t)w->width;
    bounds result = {is_leaf ? point : box, is_leaf ? point : box + w->width};
    return result;
}

INLINE void store_narrow(float *place, __m128 value, int dimensions) {
    switch (dimensions) {
    case 1: _mm_store_ss(place, value); break;
    case 2: _mm_storel_pi((__m64 *)place, value); break;
    case 3:
        _mm_storel_pi((__m64 *)place, value);
        _mm_store_ss(place + 2, _mm_movehl_ps(value, value));
        break;
    default: _mm_storeu_ps(place, value); break;
    }
}

// All bits in the lanes of the last eight that are dimensions.
AVX2 INLINE __m256 tail_mask(int dimensions) { return front_lanes((dimensions - 1) % 8 + 1); }

AVX2 void forest_kernel_set_box(const forest_kernel_walk *w, uint32_t pair, const float *minima, const float *maxima,
                                const float *point) {
    const int width = w->width, dimensions = w->dimensions;
    float *box = w->boxes + (uint64_t)pair * 2 * (uint64_t)width;
    if (dimensions <= 4) {
        __m128 value = _mm_loadu_ps(point);
        __m128 low = _mm_min_ps(_mm_loadu_ps(minima), value), high = _mm_max_ps(_mm_loadu_ps(maxima), value);
        store_narrow(box, low, dimensions);
        store_narrow(box + width, high, dimensions);
        return;
    }
    for (int i = 0; i < width; i += 8) {
        __m256 value = _mm256_loadu_ps(point + i);
        __m256 low = _mm256_min_ps(_mm256_loadu_ps(minima + i), value);
        __m256 high = _mm256_max_ps(_mm256_loadu_ps(maxima + i), value);
        if (i + 8 > dimensions) {
            low = _mm256_and_ps(low, tail_mask(dimensions));
            high = _mm256_and_ps(high, tail_mask(dimensions));
        }
        _mm256_storeu_ps(box + i, low);
        _mm256_storeu_ps(box + width + i, high);
    }
}

AVX2 INLINE void extend_narrow(const forest_kernel_walk *w, const uint32_t *path, int level, int top,
                               const float *point, const int dimensions) {
    __m128 value = _mm_loadu_ps(point);
    for (; level >= top; level--) {
        float *box = w->boxes + (uint64_t)(path[(level + 1) * w->row_lanes] >> 1) * 2 * (uint64_t)dimensions;
        __m128 low = _mm_min_ps(_mm_loadu_ps(box), value), high = _mm_max_ps(_mm_loadu_ps(box + dimensions), value);
        store_narrow(box, low, dimensions);
        store_narrow(box + dimensions, high, dimensions);
    }
}

AVX2 void forest_kernel_extend(const forest_kernel_walk *w, const uint32_t *path, int32_t level, int32_t top,
                               const float *point) {
    switch (w->dimensions) {
    case 1: extend_narrow(w, path, level, top, point, 1); return;
    case 2: extend_narrow(w, path, level, top, point, 2); return;
    case 3: extend_narrow(w, path, level, top, point, 3); return;
    case 4: extend_narrow(w, path, level, top, point, 4); return;
    default: break;
    }
    for (; level >= top; level--) {
        uint32_t pair = path[(level + 1) * w->row_lanes] >> 1;
        float *box = w->boxes + (uint64_t)pair * 2 * (uint64_t)w->width;
        forest_kernel_set_box(w, pair, box, box + w->width, point);
    }
}

INLINE float next_down(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    bits = value == 0 ? 0x80000001u : value > 0 ? bits - 1 : bits + 1;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

AVX2 forest_kernel_cut forest_kernel_separate(const forest_kernel_walk *w, const float *minima, const float *maxima,
                                              const float *point, double uniform) {
    static const int64_t lanes[8] = {-1, -1, -1, -1};
    const __m256d used = _mm256_castsi256_pd(_mm256_loadu_si256((const __m256i *)(lanes + 4 - w->dimensions)));
    const __m128 value = _mm_loadu_ps(point), low = _mm_loadu_ps(minima), high = _mm_loadu_ps(maxima);
    const __m256d here = _mm256_cvtps_pd(value), zero = _mm256_setzero_pd();
    __m256d below = _mm256_max_pd(_mm256_sub_pd(_mm256_cvtps_pd(low), here), zero);
    __m256d above = _mm256_max_pd(_mm256_sub_pd(here, _mm256_cvtps_pd(high)), zero);
    double gaps[4], rests[5];
    _mm256_storeu_pd(gaps, _mm256_and_pd(_mm256_add_pd(below, above), used));
    rests[0] = uniform * (((gaps[0] + gaps[1]) + gaps[2]) + gaps[3]);
    UNROLL
    for (int i = 0; i < 4; i++) rests[i + 1] = rests[i] - gaps[i];
    unsigned within = 0, outside = 0;
    UNROLL
    for (int i = 0; i < 4; i++) {
        within |= (unsigned)(rests[i] < gaps[i]) << i;
        outside |= (unsigned)(gaps[i] > 0) << i;
    }
    // By rounding the rest may be as large as the last gap.
    const int dimension = within ? __builtin_ctz(within) : 31 - __builtin_clz(outside | 1);
    const double rest = within ? rests[dimension] : rests[4];
    float starts[4], ends[4];
    _mm_storeu_ps(starts, _mm_min_ps(value, high));
    _mm_storeu_ps(ends, _mm_max_ps(value, low));
    const float start = starts[dimension], end = ends[dimension], cut = (float)((double)start + rest);
    forest_kernel_cut result = {cut < end ? (cut > start ? cut : start) : next_down(end), dimension};
    return result;
}

// The place of the largest of numbers that are not negative, which are in the order of their bits; with another number at
// one place. That is written at the end: numbers are loaded by fours, and four just after one of them was stored would wait.
AVX2 INLINE uint32_t replace_in(float *values, const int32_t count, uint32_t place, float value) {
    const __m128i changed = _mm_set1_epi32((int)place), four = _mm_set1_epi32(4);
    const __m128i with = _mm_castps_si128(_mm_set1_ps(value));
    __m128i here = _mm_setr_epi32(0, 1, 2, 3), places = here, best = _mm_loadu_si128((const __m128i *)values);
    best = _mm_blendv_epi8(best, with, _mm_cmpeq_epi32(here, changed));
    for (int32_t at = 4; at < count; at += 4) {
        here = _mm_add_epi32(here, four);
        __m128i next = _mm_loadu_si128((const __m128i *)(values + at));
        next = _mm_blendv_epi8(next, with, _mm_cmpeq_epi32(here, changed));
        __m128i larger = _mm_cmpgt_epi32(next, best);
        best = _mm_blendv_epi8(best, next, larger);
        places = _mm_blendv_epi8(places, here, larger);
    }
    // Each lane takes over what is larger in the next one, then lane 0 what is larger in lane 2.
    __m128i other = _mm_shuffle_epi32(best, 0xB1), larger = _mm_cmpgt_epi32(other, best);
    places = _mm_blendv_epi8(places, _mm_shuffle_epi32(places, 0xB1), larger);
    best = _mm_blendv_epi8(best, other, larger);
    larger = _mm_cmpgt_epi32(_mm_shuffle_epi32(best, 0x4E), best);
    places = _mm_blendv_epi8(places, _mm_shuffle_epi32(places, 0x4E), larger);
    values[place] = value;
    return (uint32_t)_mm_cvtsi128_si32(places);
}

AVX2 uint32_t forest_kernel_replace(float *values, int32_t count, uint32_t place, float value) {
    // The slots of a group, and the groups of a sample of 256: unrolled.
    return count == 16 ? replace_in(values, 16, place, value) : replace_in(values, count, place, value);
}

AVX2 int32_t forest_kernel_due(const double *targets, int32_t count, double clock, uint32_t *due) {
    const __m256d now = _mm256_set1_pd(clock);
    int32_t found = 0;
    for (int32_t first = 0; first < count; first += 64) {
        uint64_t mask = 0;
        for (int32_t at = first; at < count && at < first + 64; at += 4) {
            __m256d reached = _mm256_cmp_pd(_mm256_loadu_pd(targets + at), now, _CMP_LE_OQ);
            mask |= (uint64_t)_mm256_movemask_pd(reached) << (at - first);
        }
        for (; mask; mask &= mask - 1) due[found++] = (uint32_t)(first + __builtin_ctzll(mask));
    }
    return found;
}

AVX2 INLINE void repair_narrow(const forest_kernel_walk *w, const uint32_t *path, int stride, int level,
                               const float *point, const float *points, int64_t point_stride, const int dimensions) {
    const uint32_t root = path[0];
    const int mask = (1 << dimensions) - 1;
    __m128 gone = _mm_loadu_ps(point);
    bounds child = bounds_of(w, path[(level + 1) * stride], root, points, point_stride);
    __m128 low = _mm_loadu_ps(child.low), high = _mm_loadu_ps(child.high);
    for (; level >= 0; level--) {
        uint32_t below = path[(level + 1) * stride];
        float *box = w->boxes + (uint64_t)(below >> 1) * 2 * (uint64_t)dimensions;
        __m128 old_low = _mm_loadu_ps(box), old_high = _mm_loadu_ps(box + dimensions);
        __m128 touch = _mm_or_ps(_mm_cmpeq_ps(gone, old_low), _mm_cmpeq_ps(gone, old_high));
        if (!(_mm_movemask_ps(touch) & mask)) return;
        bounds other = bounds_of(w, below ^ 1, root, points, point_stride);
        low = _mm_min_ps(low, _mm_loadu_ps(other.low));
        high = _mm_max_ps(high, _mm_loadu_ps(other.high));
        __m128 changed = _mm_or_ps(_mm_cmpneq_ps(low, old_low), _mm_cmpneq_ps(high, old_high));
        if (!(_mm_movemask_ps(changed) & mask)) return;
        store_narrow(box, low, dimensions);
        store_narrow(box + dimensions, high, dimensions);
    }
}

// Only the eights of dimensions in which the point was on a side are made anew.
AVX2 INLINE void repair_wide(const forest_kernel_walk *w, const uint32_t *path, int stride, int level,
                             const float *point, const float *points, int64_t point_stride) {
    const uint32_t root = path[0];
    const int width = w->width, dimensions = w->dimensions;
    const __m256 tail = tail_mask(dimensions);
    for (; level >= 0; level--) {
        uint32_t below = path[(level + 1) * stride];
        uint64_t pair = below >> 1;
        float *box = w->boxes + pair * 2 * (uint64_t)width;
        bounds one = bounds_of(w, below, root, points, point_stride);
        bounds other = bounds_of(w, below ^ 1, root, points, point_stride);
        __m256 changed = _mm256_setzero_ps();
        for (int i = 0; i < width; i += 8) {
            __m256 gone = _mm256_loadu_ps(point + i);
            __m256 old_low = _mm256_loadu_ps(box + i), old_high = _mm256_loadu_ps(box + width + i);
            __m256 touch = _mm256_or_ps(_mm256_cmp_ps(gone, old_low, _CMP_EQ_OQ),
                                        _mm256_cmp_ps(gone, old_high, _CMP_EQ_OQ));
            if (i + 8 > dimensions) touch = _mm256_and_ps(touch, tail);
            if (!_mm256_movemask_ps(touch)) continue;
            __m256 low = _mm256_min_ps(_mm256_loadu_ps(one.low + i), _mm256_loadu_ps(other.low + i));
            __m256 high = _mm256_max_ps(_mm256_loadu_ps(one.high + i), _mm256_loadu_ps(other.high + i));
            if (i + 8 > dimensions) {
                low = _mm256_and_ps(low, tail);
                high = _mm256_and_ps(high, tail);
            }
            changed = _mm256_or_ps(changed, _mm256_or_ps(_mm256_cmp_ps(low, old_low, _CMP_NEQ_OQ),
                                                         _mm256_cmp_ps(high, old_high, _CMP_NEQ_OQ)));
            _mm256_storeu_ps(box + i, low);
            _mm256_storeu_ps(box + width + i, high);
        }
        if (!_mm256_movemask_ps(changed)) return;
    }
}

AVX2 void forest_kernel_repair(const forest_kernel_walk *walk, const uint32_t *path, int32_t stride, int32_t level,
                               const float *point, const float *points, int64_t point_stride) {
    switch (walk->dimensions) {
    case 1: repair_narrow(walk, path, stride, level, point, points, point_stride, 1); break;
    case 2: repair_narrow(walk, path, stride, level, point, points, point_stride, 2); break;
    case 3: repair_narrow(walk, path, stride, level, point, points, point_stride, 3); break;
    case 4: repair_narrow(walk, path, stride, level, point, points, point_stride, 4); break;
    default: repair_wide(walk, path, stride, level, point, points, point_stride); break;
    }
}

#else

bool forest_kernel_is_supported(void) { return false; }

int64_t forest_kernel_score(const forest_kernel_walk *walk, const float *query, const float *guests, int32_t lanes,
                            int32_t recorded, int32_t *doubtful_count) {
    (void)walk, (void)query, (void)guests, (void)lanes, (void)recorded;
    *doubtful_count = 0;
    return 0;
}

void forest_kernel_score_block(const forest_kernel_walk *walk, uint32_t root, const float *queries, int32_t lanes,
                               int64_t *sums, int32_t *doubtful_count) {
    (void)walk, (void)root, (void)queries, (void)lanes, (void)sums;
    *doubtful_count = 0;
}

void forest_kernel_descend(const forest_kernel_walk *walk, const float *query, int32_t lanes) {
    (void)walk, (void)query, (void)lanes;
}

void forest_kernel_extend(const forest_kernel_walk *walk, const uint32_t *path, int32_t level, int32_t top,
                          const float *point) {
    (void)walk, (void)path, (void)level, (void)top, (void)point;
}

forest_kernel_cut forest_kernel_separate(const forest_kernel_walk *walk, const float *minima, const float *maxima,
                                         const float *point, double uniform) {
    (void)walk, (void)minima, (void)maxima, (void)point, (void)uniform;
    return (forest_kernel_cut){0, 0};
}

uint32_t forest_kernel_replace(float *values, int32_t count, uint32_t place, float value) {
    (void)values, (void)count, (void)place, (void)value;
    return 0;
}

int32_t forest_kernel_due(const double *targets, int32_t count, double clock, uint32_t *due) {
    (void)targets, (void)count, (void)clock, (void)due;
    return 0;
}

void forest_kernel_set_box(const forest_kernel_walk *walk, uint32_t pair, const float *minima, const float *maxima,
                           const float *point) {
    (void)walk, (void)pair, (void)minima, (void)maxima, (void)point;
}

void forest_kernel_repair(const forest_kernel_walk *walk, const uint32_t *path, int32_t stride, int32_t level,
                          const float *point, const float *points, int64_t point_stride) {
    (void)walk, (void)path, (void)stride, (void)level, (void)point, (void)points, (void)point_stride;
}

#endif
