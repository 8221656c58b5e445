"""`python -m deploy.sails`, where the console script is not installed."""

from deploy.sails.cli import main

main()
