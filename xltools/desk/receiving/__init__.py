"""What is sent through the desk: taken in, checked, logged, set aside and taken back."""
