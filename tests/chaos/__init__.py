"""`make chaos`: a platform of its own under load, broken for real in every way that it must stand.

Nothing here is imported by the product, and nothing of the product is patched.
"""
