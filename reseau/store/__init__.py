"""The database: tables, migrations, one module per aggregate. The only room that knows SQLAlchemy."""

from reseau.store.engine import Store

__all__ = ["Store"]
