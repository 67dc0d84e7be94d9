"""The page of all lessons: what each makes, how far one is, and a lesson of one's own."""
