"""The deployment secret: made once, kept private, one key for each purpose."""

import threading

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import secrets


@pytest.fixture
def vault(tmp_path):
    return secrets.open_vault(tmp_path)


def test_the_first_start_makes_the_secret_and_the_second_finds_it(tmp_path):
    folder = tmp_path / "data"
    first = secrets.open_vault(folder)
    assert secrets.open_vault(folder) == first
    assert (folder / secrets.FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [secrets.FILE_NAME]
    assert secrets.open_vault(tmp_path / "other") != first
    assert first.secret.hex() not in repr(first)


def test_two_processes_starting_together_agree(tmp_path):
    found = []
    starters = [threading.Thread(target=lambda: found.append(secrets.open_vault(tmp_path))) for _ in range(8)]
    for each in starters:
        each.start()
    for each in starters:
        each.join()
    assert len(found) == 8
    assert len({vault.secret for vault in found}) == 1


def test_a_secret_that_others_can_read_stops_the_start(tmp_path, vault):
    path = tmp_path / secrets.FILE_NAME
    path.chmod(0o640)
    with pytest.raises(secrets.SecretError, match="chmod 600"):
        secrets.open_vault(tmp_path)
    path.chmod(0o400)
    assert secrets.open_vault(tmp_path) == vault


@pytest.mark.parametrize(
    "content", ["", "xunshi-secret-1:", "xunshi-secret-1:" + "0" * 63, "other:" + "0" * 64, "\xff"]
)
def test_a_damaged_secret_is_never_replaced(tmp_path, vault, content):
    path = tmp_path / secrets.FILE_NAME
    path.write_text(content, encoding="utf-8")
    with pytest.raises(secrets.SecretError, match="damaged"):
        secrets.open_vault(tmp_path)
    assert path.read_text(encoding="utf-8") == content


def test_keys_come_from_hkdf_one_for_each_label(vault):
    reference = HKDF(SHA256(), 32, salt=b"xunshi/v1", info=b"serial").derive(vault.secret)
    assert vault.field_key("serial") == reference
    assert (
        len({vault.field_key(label) for label in ("serial", "session", "encrypt/serial", "digest/serial")})
        == 4
    )


def test_a_serial_number_is_stored_encrypted_and_found_by_digest(vault):
    serial = "F2LXK0 \u5e8f\u5217\u53f7"
    token = vault.encrypt(serial, "serial")
    assert serial not in token and vault.encrypt(serial, "serial") != token
    assert vault.decrypt(token, "serial") == serial
    assert vault.keyed_digest(serial, "serial") == vault.keyed_digest(serial, "serial")
    assert vault.keyed_digest(serial, "serial") != vault.keyed_digest(serial, "phone")
    assert len(bytes.fromhex(vault.keyed_digest(serial, "serial"))) == 32
    assert vault.decrypt(vault.encrypt("", "serial"), "serial") == ""


def test_a_ciphertext_cannot_be_moved_changed_or_read_elsewhere(vault, tmp_path):
    token = vault.encrypt("352099001761481", "imei")
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for wrong in (changed, token[:-4], token[3:], "v1.", "v2" + token[2:], "", "v1.\u7269", "v1." + "A" * 8):
        with pytest.raises(secrets.CannotDecrypt):
            vault.decrypt(wrong, "imei")
    with pytest.raises(secrets.CannotDecrypt):
        vault.decrypt(token, "phone")
    with pytest.raises(secrets.CannotDecrypt):
        secrets.open_vault(tmp_path / "elsewhere").decrypt(token, "imei")
    assert vault.decrypt(token, "imei") == "352099001761481"


def test_the_house_opens_before_anything_is_encrypted(tmp_path, monkeypatch):
    monkeypatch.setattr(secrets, "_vault", None)
    with pytest.raises(secrets.SecretError, match="opened"):
        secrets.encrypt("x", "serial")
    secrets.open_house(tmp_path)
    assert secrets.decrypt(secrets.encrypt("x", "serial"), "serial") == "x"
    assert secrets.keyed_digest("x", "serial") == secrets.open_vault(tmp_path).keyed_digest("x", "serial")
    assert secrets.field_key("session") == secrets.open_vault(tmp_path).field_key("session")
