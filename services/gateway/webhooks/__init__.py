"""Calls to the addresses that parties have registered."""
