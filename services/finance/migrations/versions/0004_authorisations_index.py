"""What rests on an authorisation is found without a look through all applications."""

from alembic import op

revision = "0004"
down_revision = "0003"

NAME = "ix_applications_authorisation_ids"


def upgrade() -> None:
    op.create_index(NAME, "applications", ["authorisation_ids"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index(NAME)
