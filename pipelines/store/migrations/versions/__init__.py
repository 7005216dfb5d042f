"""One file a step. Each writes out its tables and columns, as the models go on changing after it."""
