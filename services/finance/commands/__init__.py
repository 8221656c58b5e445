"""What finance does, one module per noun.

Locks are always taken in this order, so that no two commands wait for each other: authorisation,
application, receivables by id, limits by id. The lock of an application covers its positions,
offers and loan.
"""
