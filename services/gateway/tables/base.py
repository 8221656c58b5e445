"""What all tables of the gateway share."""

from sqlalchemy import DateTime, Uuid
from sqlalchemy.orm import DeclarativeBase

Moment = DateTime(timezone=True)
Uid = Uuid(as_uuid=False)


class Base(DeclarativeBase):
    """The gateway's metadata."""


metadata = Base.metadata
