"""What the admin shows of the schedule."""
