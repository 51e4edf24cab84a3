"""循市 Xunshi: the table of contents. `create_app()` opens the house room by room."""

from pathlib import Path

from flask import Flask

import appraisal.room
import core.house
import market.room
import privacy.room
from core import i18n, mail, secrets, web
from core.access import check_doors
from core.config import Config, load
from core.db import Database
from core.people.demo import refuse_demo_in_production

HERE = Path(__file__).resolve().parent


def create_app(config: Config | None = None) -> Flask:
    """The whole program for one configuration. Raises when a setting or a door isn't right, before it serves anything."""
    config = config or load()
    secrets.use_vault(secrets.open_vault(config.data))
    i18n.compile_catalogue()
    app = Flask(__name__, root_path=str(HERE), template_folder="templates", static_folder="static")
    app.testing = config.testing
    database = Database(config.database_url)
    refuse_demo_in_production(database, config)
    mail.register(app, config)
    web.prepare(app, config, database)
    core.house.register(app)
    privacy.room.register(app)
    appraisal.room.register(app)
    market.room.register(app)
    check_doors(app)
    return app
