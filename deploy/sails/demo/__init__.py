"""`sails demo`: one deal from demand to settlement, told while it happens, by the public API."""
