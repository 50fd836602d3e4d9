"""Which statements are most worth labelling: a table in, a few of its statements out, with why."""
