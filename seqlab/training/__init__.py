"""From a config to a run folder: the loop, its recording, its control and the engine that runs it on workers."""
