/// Calls of SageMaker Runtime, where models are asked.
public enum SageMaker {}
