"""The methods of resources that are written by hand, on top of the generated ones."""
