"""Audit words about files of things, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:goods_import:sent": N_("A file of things was sent, to be taken in"),
    "market:goods_import:read": N_("A file of things was looked through"),
    "market:goods_import:ordered": N_("Somebody ordered that a file of things be taken in"),
    "market:goods_import:taken": N_("The things of a file were taken in"),
    "market:goods_import:stopped": N_("Taking in a file was stopped; nothing of it was taken in"),
    "market:goods_import:given_up": N_("A file of things was given up; nothing of it was taken in"),
    "market:goods_import:erased": N_("What was left of a file of things was erased"),
}
