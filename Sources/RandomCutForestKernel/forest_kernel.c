#include "forest_kernel.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi2")))
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

bool forest_kernel_is_supported(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

// One level down for the eight lanes whose node indexes are in `row`. Indexes are read back one by one from the
// row, which was stored as a whole: that is forwarded, and cheaper than taking a register apart.
AVX2 INLINE __m256i step(const uint64_t *nodes, const uint32_t *row, const float *query, int eights, __m256i root) {
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
    __m256 value;
    if (eights == 1) {
        // Only the lowest three bits of the dimension count: a leaf's mass there does no harm.
        value = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query), target);
    } else if (eights == 4) {
        // Up to 32 values: the next two bits choose among four eights. Quicker than a gather.
        __m256 a = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query), target);
        __m256 b = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 8), target);
        __m256 c = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 16), target);
        __m256 d = _mm256_permutevar8x32_ps(_mm256_loadu_ps(query + 24), target);
        __m256 bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 28));
        __m256 bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(target, 27));
        value = _mm256_blendv_ps(_mm256_blendv_ps(a, b, bit3), _mm256_blendv_ps(c, d, bit3), bit4);
    } else {
        __m256i dimension = _mm256_and_si256(target, _mm256_set1_epi32(0xFFFF));
        value = _mm256_i32gather_ps(query, dimension, 4);
    }
    __m256i right = _mm256_castps_si256(_mm256_cmp_ps(value, cut, _CMP_GT_OQ));
    __m256i pair = _mm256_srli_epi32(target, 16);
    __m256i child = _mm256_add_epi32(_mm256_add_epi32(pair, pair), root);
    return _mm256_sub_epi32(child, right);
}

// Takes `count` vectors of eight lanes down side by side, and counts their levels.
AVX2 INLINE void descend_vectors(const forest_kernel_walk *w, const float *query, int first, const int count,
                                 int eights) {
    const uint64_t *nodes = w->nodes;
    const int stride = w->row_lanes;
    uint32_t *row = w->path + first;
    __m256i here[4], root[4], same[4];
    UNROLL
    for (int v = 0; v < count; v++) {
        root[v] = _mm256_loadu_si256((const __m256i *)(w->roots + first + 8 * v));
        here[v] = root[v];
        same[v] = _mm256_setzero_si256();
        _mm256_storeu_si256((__m256i *)(row + 8 * v), here[v]);
    }
    int levels = 0;
    for (;;) {
        __m256i still = _mm256_set1_epi32(-1);
        // A leaf is its own child: two levels between tests for the end.
        UNROLL
        for (int twice = 0; twice < 2; twice++) {
            UNROLL
            for (int v = 0; v < count; v++) {
                __m256i next = step(nodes, row + 8 * v, query, eights, root[v]);
                _mm256_storeu_si256((__m256i *)(row + stride + 8 * v), next);
                __m256i equal = _mm256_cmpeq_epi32(next, here[v]);
                same[v] = _mm256_sub_epi32(same[v], equal);
                if (twice == 1) still = _mm256_and_si256(still, equal);
                here[v] = next;
            }
            row += stride;
        }
        levels += 2;
        if (_mm256_movemask_epi8(still) == -1) break;
    }
    UNROLL
    for (int v = 0; v < count; v++) {
        __m256i depth = _mm256_sub_epi32(_mm256_set1_epi32(levels), same[v]);
        _mm256_storeu_si256((__m256i *)(w->depths + first + 8 * v), depth);
    }
}

// `eights` is 1, 4, or 0 for any number of values.
AVX2 INLINE void descend(const forest_kernel_walk *w, const float *query, int lanes, int eights) {
    int vectors = (lanes + 7) / 8;
    int parts = (vectors + 3) / 4;
    int first = 0;
    for (int part = 0; part < parts; part++) {
        int count = (vectors - first + (parts - part) - 1) / (parts - part);
        switch (count) {
        case 1: descend_vectors(w, query, 8 * first, 1, eights); break;
        case 2: descend_vectors(w, query, 8 * first, 2, eights); break;
        case 3: descend_vectors(w, query, 8 * first, 3, eights); break;
        default: descend_vectors(w, query, 8 * first, 4, eights); break;
        }
        first += count;
    }
}

AVX2 void forest_kernel_descend(const forest_kernel_walk *walk, const float *query, int32_t lanes) {
    if (walk->width <= 8) {
        descend(walk, query, lanes, 1);
    } else if (walk->width <= 32) {
        descend(walk, query, lanes, 4);
    } else {
        descend(walk, query, lanes, 0);
    }
}

typedef struct {
    __m256 outside, range;
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

AVX2 INLINE gaps narrow_gaps(const forest_kernel_walk *w, const uint32_t *offsets, const float *query,
                             const int dimensions) {
    const float *rows[8];
    for (int k = 0; k < 8; k++) {
        uint64_t pair = w->path[offsets[k]] >> 1;
        rows[k] = w->boxes + pair * 2 * dimensions;
    }
    __m256 low[4], high[4], gap[4], range[4];
    transpose(rows, 0, low, dimensions);
    transpose(rows, dimensions, high, dimensions);
    __m256 zero = _mm256_setzero_ps();
    for (int i = 0; i < 4; i++) {
        if (i < dimensions) {
            __m256 value = _mm256_broadcast_ss(query + i);
            __m256 below = _mm256_sub_ps(low[i], value), above = _mm256_sub_ps(value, high[i]);
            gap[i] = _mm256_max_ps(_mm256_max_ps(below, above), zero);
            range[i] = _mm256_sub_ps(high[i], low[i]);
        } else {
            gap[i] = zero;
            range[i] = zero;
        }
    }
    gaps result;
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

AVX2 INLINE gaps wide_gaps(const forest_kernel_walk *w, const uint32_t *offsets, const float *query,
                           const int width) {
    __m256 sums[8];
    float ranges[8] __attribute__((aligned(32)));
    __m256 zero = _mm256_setzero_ps();
    for (int k = 0; k < 8; k++) {
        uint64_t pair = w->path[offsets[k]] >> 1;
        const float *box = w->boxes + pair * 2 * width;
        ranges[k] = w->ranges[pair];
        __m256 sum = zero;
        for (int i = 0; i < width; i += 8) {
            __m256 value = _mm256_loadu_ps(query + i);
            __m256 below = _mm256_sub_ps(_mm256_loadu_ps(box + i), value);
            __m256 above = _mm256_sub_ps(value, _mm256_loadu_ps(box + width + i));
            __m256 gap = _mm256_max_ps(_mm256_max_ps(below, above), zero);
            sum = i == 0 ? gap : _mm256_add_ps(sum, gap);
        }
        sums[k] = sum;
    }
    __m256 a = _mm256_hadd_ps(_mm256_hadd_ps(sums[0], sums[1]), _mm256_hadd_ps(sums[2], sums[3]));
    __m256 b = _mm256_hadd_ps(_mm256_hadd_ps(sums[4], sums[5]), _mm256_hadd_ps(sums[6], sums[7]));
    gaps result;
    result.outside = _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
    result.range = _mm256_load_ps(ranges);
    return result;
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

AVX2 INLINE int64_t sum_lanes(__m256i value) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(half);
}

AVX2 INLINE gaps eight_gaps(const forest_kernel_walk *w, const uint32_t *offsets, const float *query,
                            const int kind) {
    if (kind <= 4) return narrow_gaps(w, offsets, query, kind);
    if (kind == 8) return wide_gaps(w, offsets, query, 8);
    return wide_gaps(w, offsets, query, w->width);
}

// `kind` is the number of dimensions up to 4; 8 for a width of 8; 32 for widths up to that; 33 for wider
// boxes.
AVX2 INLINE int64_t score(const forest_kernel_walk *w, const float *query, int lanes, int recorded,
                          int32_t *inside_count, const int kind) {
    if (kind <= 8) {
        descend(w, query, lanes, 1);
    } else if (kind == 32) {
        descend(w, query, lanes, 4);
    } else {
        descend(w, query, lanes, 0);
    }
    const int stride = w->row_lanes;
    const __m256 one = _mm256_set1_ps(1), zero = _mm256_setzero_ps(), unit = _mm256_set1_ps(0x1p24f);
    const __m256i iota = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i up = _mm256_set1_epi32(stride);
    __m256i total = _mm256_setzero_si256();
    int inside = 0;

    // Recorded lanes, eight at a time to the end.
    int next = 0;
    for (; next < recorded; next += 8) {
        __m256i depth = _mm256_loadu_si256((const __m256i *)(w->depths + next));
        __m256i lane = _mm256_add_epi32(iota, _mm256_set1_epi32(next));
        __m256i offset = _mm256_add_epi32(_mm256_mullo_epi32(depth, up), lane);
        __m256 level = _mm256_cvtepi32_ps(depth);
        __m256 result = _mm256_div_ps(one, _mm256_add_ps(level, one));
        __m256 active = _mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), lane));
        __m256 valid = active;
        __m256i climbs = _mm256_setzero_si256();
        float *separations = w->separations + next;
        uint32_t offsets[8] __attribute__((aligned(32)));
        for (;;) {
            _mm256_store_si256((__m256i *)offsets, offset);
            gaps g = eight_gaps(w, offsets, query, kind);
            active = _mm256_and_ps(active, _mm256_cmp_ps(g.outside, zero, _CMP_GT_OQ));
            int mask = _mm256_movemask_ps(active);
            if (mask == 0) break;
            __m256 separation = _mm256_div_ps(g.outside, _mm256_add_ps(g.range, g.outside));
            _mm256_storeu_ps(separations, separation);
            separations += stride;
            __m256 unseen = _mm256_div_ps(one, level);
            __m256 risen = _mm256_add_ps(_mm256_mul_ps(separation, unseen),
                                         _mm256_mul_ps(_mm256_sub_ps(one, separation), result));
            result = _mm256_blendv_ps(result, risen, active);
            __m256i counted = _mm256_castps_si256(active);
            climbs = _mm256_sub_epi32(climbs, counted);
            level = _mm256_add_ps(level, _mm256_cvtepi32_ps(counted));
            offset = _mm256_sub_epi32(offset, _mm256_and_si256(counted, up));
        }
        _mm256_storeu_si256((__m256i *)(w->climbs + next), climbs);
        __m256 stayed = _mm256_and_ps(valid, _mm256_castsi256_ps(_mm256_cmpeq_epi32(climbs, _mm256_setzero_si256())));
        unsigned mask = (unsigned)_mm256_movemask_ps(stayed);
        for (; mask; mask &= mask - 1) w->inside[inside++] = (uint32_t)(next + __builtin_ctz(mask));
        __m256i fixed = _mm256_cvttps_epi32(_mm256_mul_ps(result, unit));
        total = _mm256_add_epi32(total, _mm256_and_si256(fixed, _mm256_castps_si256(_mm256_andnot_ps(stayed, valid))));
    }

    // The other lanes in sweeps, one level each; lanes that have arrived leave the list.
    uint32_t *offsets = w->scratch;
    float *levels = (float *)(w->scratch + stride + 8), *results = (float *)(w->scratch + 2 * (stride + 8));
    int count = 0;
    for (; next < lanes; next += 8) {
        __m256i depth = _mm256_loadu_si256((const __m256i *)(w->depths + next));
        __m256i lane = _mm256_add_epi32(iota, _mm256_set1_epi32(next));
        __m256i offset = _mm256_add_epi32(_mm256_mullo_epi32(depth, up), lane);
        __m256 level = _mm256_cvtepi32_ps(depth);
        _mm256_storeu_si256((__m256i *)(offsets + count), offset);
        _mm256_storeu_ps(levels + count, level);
        _mm256_storeu_ps(results + count, _mm256_div_ps(one, _mm256_add_ps(level, one)));
        count += 8;
    }
    count -= next > lanes && count > 0 ? next - lanes : 0;
    int first_sweep = 1;
    while (count > 0) {
        int kept = 0;
        for (int at = 0; at < count; at += 8) {
            if (kind >= 8 && at + 8 < count) prefetch_boxes(w, offsets + at + 8);
            gaps g = eight_gaps(w, offsets + at, query, kind);
            __m256i offset = _mm256_loadu_si256((const __m256i *)(offsets + at));
            __m256 level = _mm256_loadu_ps(levels + at), result = _mm256_loadu_ps(results + at);
            __m256 valid = _mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(count - at), iota));
            __m256 active = _mm256_and_ps(valid, _mm256_cmp_ps(g.outside, zero, _CMP_GT_OQ));
            __m256 arrived = _mm256_andnot_ps(active, valid);
            unsigned mask = (unsigned)_mm256_movemask_ps(active);
            if (first_sweep) {
                unsigned stayed = (unsigned)_mm256_movemask_ps(arrived);
                for (; stayed; stayed &= stayed - 1)
                    w->inside[inside++] = (offsets[at + __builtin_ctz(stayed)]) % (uint32_t)stride;
            } else {
                __m256i fixed = _mm256_cvttps_epi32(_mm256_mul_ps(result, unit));
                total = _mm256_add_epi32(total, _mm256_and_si256(fixed, _mm256_castps_si256(arrived)));
            }
            __m256 separation = _mm256_div_ps(g.outside, _mm256_add_ps(g.range, g.outside));
            __m256 unseen = _mm256_div_ps(one, level);
            result = _mm256_add_ps(_mm256_mul_ps(separation, unseen),
                                   _mm256_mul_ps(_mm256_sub_ps(one, separation), result));
            level = _mm256_sub_ps(level, one);
            offset = _mm256_sub_epi32(offset, up);
            __m256i order = front_order(mask);
            _mm256_storeu_si256((__m256i *)(offsets + kept), _mm256_permutevar8x32_epi32(offset, order));
            _mm256_storeu_ps(levels + kept, _mm256_permutevar8x32_ps(level, order));
            _mm256_storeu_ps(results + kept, _mm256_permutevar8x32_ps(result, order));
            kept += __builtin_popcount(mask);
        }
        // The rest of the last eight must name boxes that exist.
        for (int rest = kept; rest < ((kept + 7) & ~7); rest++) offsets[rest] = 0;
        count = kept;
        first_sweep = 0;
    }
    *inside_count = inside;
    return sum_lanes(total);
}

AVX2 int64_t forest_kernel_score(const forest_kernel_walk *walk, const float *query, int32_t lanes, int32_t recorded,
                                 int32_t *inside_count) {
    switch (walk->dimensions) {
    case 1: return score(walk, query, lanes, recorded, inside_count, 1);
    case 2: return score(walk, query, lanes, recorded, inside_count, 2);
    case 3: return score(walk, query, lanes, recorded, inside_count, 3);
    case 4: return score(walk, query, lanes, recorded, inside_count, 4);
    default: break;
    }
    if (walk->width == 8) return score(walk, query, lanes, recorded, inside_count, 8);
    if (walk->width <= 32) return score(walk, query, lanes, recorded, inside_count, 32);
    return score(walk, query, lanes, recorded, inside_count, 33);
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
    bounds result;
    if (cut >= LEAF_CUT) {
        result.low = result.high = points + (int64_t)(cut - LEAF_CUT) * point_stride;
    } else {
        uint64_t pair = (tree_root >> 1) + (node >> 48);
        result.low = w->boxes + pair * 2 * (uint64_t)w->width;
        result.high = result.low + w->width;
    }
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

AVX2 INLINE __m256 tail_mask(int dimensions) {
    // All bits in the lanes of the last eight that are dimensions.
    static const int32_t bits[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    int used = (dimensions - 1) % 8 + 1;
    return _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)(bits + 8 - used)));
}

AVX2 INLINE float lane_sum(__m256 value) {
    __m256 twice = _mm256_hadd_ps(value, value);
    twice = _mm256_hadd_ps(twice, twice);
    return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(twice), _mm256_extractf128_ps(twice, 1)));
}

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
    __m256 sum = _mm256_setzero_ps();
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
        sum = _mm256_add_ps(sum, _mm256_sub_ps(high, low));
    }
    w->ranges[pair] = lane_sum(sum);
}

AVX2 void forest_kernel_extend(const forest_kernel_walk *w, uint32_t pair, const float *point) {
    float *box = w->boxes + (uint64_t)pair * 2 * (uint64_t)w->width;
    forest_kernel_set_box(w, pair, box, box + w->width, point);
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
        __m256 sum = _mm256_setzero_ps();
        for (int i = 0; i < width; i += 8)
            sum = _mm256_add_ps(sum, _mm256_sub_ps(_mm256_loadu_ps(box + width + i), _mm256_loadu_ps(box + i)));
        w->ranges[pair] = lane_sum(sum);
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

int64_t forest_kernel_score(const forest_kernel_walk *walk, const float *query, int32_t lanes, int32_t recorded,
                            int32_t *inside_count) {
    (void)walk, (void)query, (void)lanes, (void)recorded;
    *inside_count = 0;
    return 0;
}

void forest_kernel_descend(const forest_kernel_walk *walk, const float *query, int32_t lanes) {
    (void)walk, (void)query, (void)lanes;
}

void forest_kernel_extend(const forest_kernel_walk *walk, uint32_t pair, const float *point) {
    (void)walk, (void)pair, (void)point;
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
