// The forest's hot loops for processors with AVX2. Everything here has a Swift twin that gives the same bits; the
// layouts are those of Node.swift, BoxShape.swift and Walk.swift.
#ifndef FOREST_KERNEL_H
#define FOREST_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const uint64_t *nodes;
    float *boxes;
    // Values from a box's minima to its maxima.
    int32_t width;
    int32_t dimensions;
    // Lanes of a row of the path: a multiple of 8.
    int32_t row_lanes;
    // Lane by lane: the index of the tree's root among all nodes.
    uint32_t *roots;
    // Rows of lanes: the index among all nodes of the node passed at a level. Two rows above the first one are 0.
    uint32_t *path;
    // Lane by lane: the level of the leaf.
    int32_t *depths;
    // Rows of lanes, for recorded lanes: the probability of a separating cut, 1, 2, … levels above the leaf.
    float *separations;
    // For recorded lanes: levels above the leaf whose box does not contain the point.
    int32_t *climbs;
    // Eight rows of numbers, each with room for eight more than lanes.
    uint32_t *scratch;
    // Lanes that may equal their leaf: their lowest box contains the point.
    uint32_t *doubtful;
    // Of a block: the score of each lane, and room for one more.
    uint32_t *scores;
} forest_kernel_walk;

/// Asks for memory that is about to be used, and does not wait for it. On any processor.
void forest_kernel_prefetch(const void *start, int64_t bytes);

/// Whether this processor can run the functions below.
bool forest_kernel_is_supported(void);

/// Takes the query down the trees of all lanes, and up again as far as boxes do not contain it.
///
/// `lanes` lanes are used, of which the first `recorded` have their separations and climbs kept. The roots of the
/// lanes up to the next multiple of 8 must be valid. The query needs 256 readable values.
///
/// The last eight lanes may have values of their own, and those beyond `lanes` then take other points down: `guests` has
/// four rows of eight, one for each dimension, the query's in lanes that are used. Null if there are none, and for points
/// of more than 4 dimensions.
///
/// Returns the sum over the lanes of their scores in units of 2^-24, each truncated, as if none equalled its leaf;
/// writes the number of lanes that may.
int64_t forest_kernel_score(const forest_kernel_walk *walk, const float *query, const float *guests, int32_t lanes,
                            int32_t recorded, int32_t *doubtful_count);

/// The same for one tree and a query in each lane; adds to `sums`, lane by lane.
///
/// Queries of up to 4 dimensions lie in rows of lanes; wider ones lie one after the other, `width` values each.
/// 256 values after the last one must be readable.
void forest_kernel_score_block(const forest_kernel_walk *walk, uint32_t root, const float *queries, int32_t lanes,
                               int64_t *sums, int32_t *doubtful_count);

/// Only takes the query down the trees of `lanes` lanes.
void forest_kernel_descend(const forest_kernel_walk *walk, const float *query, int32_t lanes);

/// Writes the numbers of the targets that the clock has reached, in their order; returns how many these are.
///
/// The targets are filled up to a multiple of 4 with ones that are never reached.
int32_t forest_kernel_due(const double *targets, int32_t count, double clock, uint32_t *due);

/// Writes one of some numbers, which are not negative, and returns the place of the largest; `count` is a multiple of 4.
uint32_t forest_kernel_replace(float *values, int32_t count, uint32_t place, float value);

typedef struct {
    float cut;
    int32_t dimension;
} forest_kernel_cut;

/// A cut between a box and a point outside of it, uniform over the gaps; of up to 4 dimensions.
forest_kernel_cut forest_kernel_separate(const forest_kernel_walk *walk, const float *minima, const float *maxima,
                                         const float *point, double uniform);

/// Grows the boxes along a path, from `level` up to `top`, by a point that lies outside of them. `path` has the indexes
/// among all nodes of one lane, a row of lanes apart.
void forest_kernel_extend(const forest_kernel_walk *walk, const uint32_t *path, int32_t level, int32_t top,
                          const float *point);

/// Makes the box of a pair from bounds and a point.
void forest_kernel_set_box(const forest_kernel_walk *walk, uint32_t pair, const float *minima, const float *maxima,
                           const float *point);

/// Makes the boxes along a path anew, from `level` up to the root, after a point has left the node below `level`; stops
/// at the first box that stays the same. `path` has the indexes among all nodes of one lane, `stride` apart.
void forest_kernel_repair(const forest_kernel_walk *walk, const uint32_t *path, int32_t stride, int32_t level,
                          const float *point, const float *points, int64_t point_stride);

#endif
