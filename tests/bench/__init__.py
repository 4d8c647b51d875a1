"""What the machines cost, beside their peers: `make bench` prints one table. Nothing here asserts a time."""
