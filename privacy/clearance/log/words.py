"""The public log's audit words, each with its sentence for readers."""

from core.i18n import N_

WORDS = {
    "privacy:key:enrolled": N_("A signing key was put on record"),
    "privacy:key:revoked": N_("A signing key was taken off record"),
    "privacy:witness:added": N_("A witness of the public log was added"),
    "privacy:witness:ended": N_("A witness of the public log was ended"),
    "privacy:checkpoint:cosigned": N_("A witness signed a checkpoint of the public log"),
    "privacy:checkpoint:mailed": N_("A checkpoint of the public log was sent to a person of another house"),
    "privacy:checkpoint:sent": N_("A checkpoint of the public log was sent out"),
}
