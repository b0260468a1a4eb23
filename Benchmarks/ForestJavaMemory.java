import com.amazon.randomcutforest.RandomCutForest;
import java.util.Random;

/**
 * Bytes of heap that a model of AWS's Java forest takes once it has seen 3,000 points, with its default options (every
 * bounding box kept).
 *
 * java -cp 'lib/*' ForestJavaMemory.java DIMENSIONS SHINGLE TREES SAMPLES MODELS
 */
public class ForestJavaMemory {
    static RandomCutForest make(int[] numbers, float[][] points) {
        RandomCutForest forest = RandomCutForest.builder().dimensions(numbers[0] * numbers[1]).shingleSize(numbers[1])
                .internalShinglingEnabled(numbers[1] > 1).numberOfTrees(numbers[2]).sampleSize(numbers[3])
                .randomSeed(42).parallelExecutionEnabled(false).build();
        for (float[] point : points) forest.update(point);
        for (int i = 0; i < 100; i++) forest.getAnomalyScore(points[i]);
        return forest;
    }

    /** The heap in use once nothing more can be collected. */
    static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    public static void main(String[] arguments) {
        int[] numbers = new int[5];
        for (int i = 0; i < 5; i++) numbers[i] = Integer.parseInt(arguments[i]);
        Random random = new Random(1);
        float[][] points = new float[3000][numbers[0]];
        for (float[] point : points) for (int i = 0; i < point.length; i++) point[i] = (float) random.nextGaussian();

        // The first one pays for what all share.
        RandomCutForest first = make(numbers, points);
        RandomCutForest[] models = new RandomCutForest[numbers[4]];
        long before = used();
        for (int i = 0; i < models.length; i++) models[i] = make(numbers, points);
        long bytes = (used() - before) / models.length;
        // What is used later stays alive until then.
        double score = first.getAnomalyScore(points[0]);
        for (RandomCutForest model : models) score += model.getAnomalyScore(points[0]);
        System.out.printf("java bytes_per_model=%d models=%d scores=%.3f%n", bytes, models.length, score);
    }
}
