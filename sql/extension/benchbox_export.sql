
-- BenchBox documents of what is stored.
