"""What a teacher of a class has: questions whose truth is computed, and the page of the class."""
