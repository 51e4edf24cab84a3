"""The pages of grading standards: every version for everybody; drafts, their replay and the decision for those who edit them."""

from flask import Blueprint

blueprint = Blueprint("standards", __name__, url_prefix="/standards")

from appraisal.versions.views import checks, counts, deciding, drafting, listing, replaying, texts  # noqa: E402,F401
