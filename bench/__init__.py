"""What is needed to measure the program: synthetic registers, peers to compare with, and figures."""
