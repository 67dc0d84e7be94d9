"""Labs: one folder a task, from its form to its pictures."""
