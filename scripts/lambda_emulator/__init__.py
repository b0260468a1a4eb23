"""What scripts/lambda-emulator runs, a module for each of its commands."""
