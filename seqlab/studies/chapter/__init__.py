"""The ten exercises of the *Time Machine* chapter: what each asks, trains, measures and answers."""
