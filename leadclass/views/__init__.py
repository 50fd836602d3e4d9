"""What users see in a terminal or a pipe: one module for each thing that is shown."""
