"""Models for other stacks: a model in, files out that score without leadclass."""
