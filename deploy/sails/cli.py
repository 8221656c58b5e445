"""The `sails` command: its table of contents. Each noun has a file of its own.

A command is one line below; a group of them is a `typer.Typer()` of its file, added with
`app.add_typer(noun.app, name="noun", help=text("help-noun"))`.
"""

import typer

from deploy.sails import clock, dlq, doctor, importing, inviting, lifecycle, matching, portal
from deploy.sails.check.command import check
from deploy.sails.demo.command import demo
from deploy.sails.texts import text

app = typer.Typer(
    help=text("app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("setup", help=text("help-setup"))(lifecycle.setup)
app.command("run", help=text("help-run"))(lifecycle.run)
app.command("stop", help=text("help-stop"))(lifecycle.stop)
app.command("status", help=text("help-status"))(lifecycle.status)
app.command("migrate", help=text("help-migrate"))(lifecycle.migrate)
app.command("portal", help=text("help-portal"))(portal.portal)
app.command("doctor", help=text("help-doctor"))(doctor.doctor)
app.command("demo", help=text("help-demo"))(demo)
app.command("check", help=text("help-check"))(check)
app.command("invite", help=text("help-invite"))(inviting.invite)
app.command("import", help=text("help-import"))(importing.import_file)
app.add_typer(clock.app, name="clock", help=text("help-clock"))
app.add_typer(dlq.app, name="dlq", help=text("help-dlq"))
app.add_typer(matching.app, name="matching", help=text("help-matching"))


def main() -> None:
    """The console script."""
    app()
