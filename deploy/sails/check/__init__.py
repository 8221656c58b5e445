"""`sails check`: a read-only look at the four databases and the broker, by a program of its own.

It shares no code with the services' way of writing: it reads tables and states what must hold.
"""
