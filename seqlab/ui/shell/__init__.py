"""What every page stands in: the script, navigation, services."""
