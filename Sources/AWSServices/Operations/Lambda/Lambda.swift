/// Calls of Lambda.
public enum Lambda {}
