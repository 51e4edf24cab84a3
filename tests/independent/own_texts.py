"""Outputs of wiping and asking tools, made up from the tools' public documentation; no real device stands in them.

NVM Express Base 1.4, 5.14.1.16.2: SSTAT bits 2:0 state, 7:3 passes, 8 Global Data Erased; SCDW10 bits 2:0 action
(2 block erase, 3 overwrite, 4 crypto erase), 7:4 overwrite passes (0 is 16)."""

import json
from typing import Any

WORDS = {
    0: "NVM Subsystem has never been sanitized.",
    1: "Most Recent Sanitize Command Completed Successfully.",
    2: "Sanitize in Progress.",
    3: "Most Recent Sanitize Command Failed.",
    4: "Most Recent Sanitize Command (No-Deallocate After Sanitize) Completed Successfully.",
}


def sanitize_text(sstat: int, sprog: int = 65535, scdw10: int = 2, spelt: str = "") -> str:
    share = f" ({100 * sprog / 65536:f}%)" if sstat & 7 == 2 else ""
    rest = "".join(
        f"Estimated Time For {what:<28}:  {time}\n"
        for what, time in (
            ("Overwrite", "4294967295 (No time period reported)"), ("Block Erase", "30"), ("Crypto Erase", "2"),
            ("Overwrite (No-Deallocate)", "0"), ("Block Erase (No-Deallocate)", "0"), ("Crypto Erase (No-Deallocate)", "0"),
        )
    )  # fmt: skip
    return (
        f"Sanitize Progress                      (SPROG) :  {sprog}{share}\n"
        f"Sanitize Status                        (SSTAT) :  {sstat:#x}\n{spelt}"
        f"Sanitize Command Dword 10 Information (SCDW10) :  {scdw10:#x}\n{rest}"
    )


def spelt_out(sstat: int) -> str:
    """The lines that -H adds, nvme-cli 2.5 and newer."""
    erased = sstat >> 8 & 1
    meaning = (
        "No user data has been written in the NVM subsystem and no PMR has been enabled in the NVM subsystem"
        if erased
        else "User data has been written in the NVM subsystem or PMR has been enabled in the NVM subsystem"
    )
    return (
        f"  [2:0] : Sanitize Operation Status  : {sstat & 7:#x}\t{WORDS[sstat & 7]}\n"
        f"  [7:3] : Overwrite Passes Completed : {sstat >> 3 & 31}\n"
        f"  [8:8] : Global Data Erased         : {erased}\t{meaning}\n"
        "  [9:9] : Media Verification Canceled: 0\tNot canceled\n\n"
    )


def spelt_out_before(sstat: int, words: int | None = None) -> str:
    """The lines that -H adds, nvme-cli 1.x and early 2.x."""
    erased = (
        "set: no NS LB in the NVM subsystem has been written to and no PMR in the NVM subsystem has been enabled"
        if sstat >> 8 & 1
        else "cleared: a NS LB in the NVM subsystem has been written to or a PMR in the NVM subsystem has been enabled"
    )
    passes = "Number of completed passes if most recent operation was overwrite"
    return f"\t[2:0]\t{WORDS[sstat & 7 if words is None else words]}\n\t[7:3]\t{passes}:\t{sstat >> 3 & 31}\n\t  [8]\tGlobal Data Erased {erased}\n"


def sanitize_json(sstat: int, sprog: int = 65535, scdw10: int = 2, *, under: str | None = None, words: int | None = None,
                  erased: bool = True) -> str:  # fmt: skip
    state = sstat & 7
    inner: dict[str, Any] = {"global_erased": sstat >> 8 & 1} if erased else {}
    inner |= {"no_cmplted_passes": sstat >> 3 & 31, "status": f"({state}) {WORDS[state if words is None else words]}"}
    log = {
        "sprog": sprog, "sstat": inner, "cdw10_info": scdw10, "time_over_write": 4294967295, "time_block_erase": 30,
        "time_crypto_erase": 2, "time_over_write_no_dealloc": 0, "time_block_erase_no_dealloc": 0,
        "time_crypto_erase_no_dealloc": 0,
    }  # fmt: skip
    return json.dumps({under: log} if under else log, indent=2)


def smartctl(device: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "json_format_version": [1, 0],
        "smartctl": {
            "version": [7, 3], "pre_release": False, "svn_revision": "5338", "platform_info": "x86_64-linux-6.1.0",
            "build_info": "(local build)", "argv": ["smartctl", "-x", "-j", device["name"]], "exit_status": 0,
        },
        "local_time": {"time_t": 1795334400, "asctime": "Sun Nov 22 08:00:00 2026 UTC"},
        "device": device,
    } | more  # fmt: skip


def smart_ata(**more: Any) -> dict[str, Any]:
    sectors = 976_773_168
    return smartctl(
        {"name": "/dev/sda", "info_name": "/dev/sda [SAT]", "type": "sat", "protocol": "ATA"},
        **{
            "model_name": "INDEPENDENT HD 500", "serial_number": "IND-HD-0001", "wwn": {"naa": 5, "oui": 3152, "id": 4294967297},
            "firmware_version": "01.01A01", "user_capacity": {"blocks": sectors, "bytes": sectors * 512},
            "logical_block_size": 512, "physical_block_size": 4096, "rotation_rate": 7200, "trim": {"supported": False},
            "ata_version": {"string": "ATA8-ACS (minor revision not indicated)", "major_value": 510, "minor_value": 0},
            "smart_support": {"available": True, "enabled": True},
            "ata_security": {"state": 33, "string": "Disabled, NOT FROZEN [SEC1]", "enabled": False, "frozen": False},
            "smart_status": {"passed": True},
            "ata_smart_attributes": {"revision": 16, "table": [
                _attribute(9, "Power_On_Hours", 4321), _attribute(12, "Power_Cycle_Count", 77),
            ]},
            "power_on_time": {"hours": 4321}, "power_cycle_count": 77, "temperature": {"current": 31},
            "ata_device_statistics": {"pages": [{"number": 1, "name": "General Statistics", "revision": 1, "table": [
                _statistic(8, "Lifetime Power-On Resets", 77), _statistic(16, "Power-on Hours", 4321),
                _statistic(24, "Logical Sectors Written", 2_000_000), _statistic(32, "Number of Write Commands", 5000),
            ]}]},
        } | more,
    )  # fmt: skip


def _attribute(number: int, name: str, raw: int) -> dict[str, Any]:
    flags = {"value": 50, "string": "-O--CK ", "prefailure": False, "updated_online": True, "performance": False,
             "error_rate": False, "event_count": True, "auto_keep": True}  # fmt: skip
    return {"id": number, "name": name, "value": 95, "worst": 95, "thresh": 0, "when_failed": "", "flags": flags,
            "raw": {"value": raw, "string": str(raw)}}  # fmt: skip


def _statistic(offset: int, name: str, value: int) -> dict[str, Any]:
    flags = {"value": 192, "string": "V---", "valid": True, "normalized": False, "supports_dsn": False,
             "monitored_condition_met": False}  # fmt: skip
    return {"offset": offset, "name": name, "size": 4, "value": value, "flags": flags}


def smart_nvme(**more: Any) -> dict[str, Any]:
    size = 512_110_190_592
    return smartctl(
        {"name": "/dev/nvme0", "info_name": "/dev/nvme0", "type": "nvme", "protocol": "NVMe"},
        **{
            "model_name": "INDEPENDENT SSD 512", "serial_number": "IND-NV-0001", "firmware_version": "1.0",
            "nvme_pci_vendor": {"id": 5197, "subsystem_id": 5197}, "nvme_ieee_oui_identifier": 9528,
            "nvme_total_capacity": size, "nvme_unallocated_capacity": 0, "nvme_controller_id": 1,
            "nvme_version": {"string": "1.4", "value": 66560}, "nvme_number_of_namespaces": 1,
            "nvme_namespaces": [{
                "id": 1, "size": {"blocks": size // 512, "bytes": size}, "capacity": {"blocks": size // 512, "bytes": size},
                "utilization": {"blocks": size // 512, "bytes": size}, "formatted_lba_size": 512,
                "eui64": {"oui": 9528, "ext_id": 1},
            }],
            "user_capacity": {"blocks": size // 512, "bytes": size}, "logical_block_size": 512,
            "smart_support": {"available": True, "enabled": True}, "smart_status": {"passed": True, "nvme": {"value": 0}},
            "nvme_smart_health_information_log": {
                "critical_warning": 0, "temperature": 35, "available_spare": 100, "available_spare_threshold": 10,
                "percentage_used": 3, "data_units_read": 9000, "data_units_written": 12_345, "host_reads": 100_000,
                "host_writes": 200_000, "controller_busy_time": 10, "power_cycles": 55, "power_on_hours": 678,
                "unsafe_shutdowns": 2, "media_errors": 0, "num_err_log_entries": 0,
            },
            "temperature": {"current": 35}, "power_cycle_count": 55, "power_on_time": {"hours": 678},
        } | more,
    )  # fmt: skip


def hdparm(*, serial: str = "IND-HD-0002", rotation: str = "7200", enabled: bool = False, locked: bool = False,
           frozen: bool = True, sectors: int = 976_773_168) -> str:  # fmt: skip
    def word(on: bool, text: str) -> str:
        return f"\t{'' if on else 'not'}\t{text}\n"

    return (
        "\n/dev/sda:\n\nATA device, with non-removable media\n"
        "\tModel Number:       INDEPENDENT DISK 500                    \n"
        f"\tSerial Number:      {serial}\n"
        "\tFirmware Revision:  01.01A01\n"
        "\tTransport:          Serial, SATA 1.0a, SATA II Extensions, SATA Rev 2.5, SATA Rev 2.6, SATA Rev 3.0\n"
        "Standards:\n\tSupported: 9 8 7 6 5 \n\tLikely used: 9\n"
        "Configuration:\n\tLogical\t\tmax\tcurrent\n\tcylinders\t16383\t16383\n\theads\t\t16\t16\n\tsectors/track\t63\t63\n\t--\n"
        "\tCHS current addressable sectors:    16514064\n\tLBA    user addressable sectors:   268435455\n"
        f"\tLBA48  user addressable sectors:{sectors:>12}\n"
        "\tLogical  Sector size:                   512 bytes\n\tPhysical Sector size:                  4096 bytes\n"
        "\tLogical Sector-0 offset:                  0 bytes\n"
        f"\tdevice size with M = 1024*1024:      {sectors * 512 // 2**20:>6} MBytes\n"
        f"\tdevice size with M = 1000*1000:      {sectors * 512 // 10**6:>6} MBytes ({sectors * 512 // 10**9} GB)\n"
        "\tcache/buffer size  = unknown\n\tForm Factor: 3.5 inch\n"
        f"\tNominal Media Rotation Rate: {rotation}\n"
        "Capabilities:\n\tLBA, IORDY(can be disabled)\n\tQueue depth: 32\n"
        "Commands/features:\n\tEnabled\tSupported:\n\t   *\tSMART feature set\n\t   *\tSecurity Mode feature set\n"
        "Security: \n\tMaster password revision code = 65534\n\t\tsupported\n"
        + word(enabled, "enabled") + word(locked, "locked") + word(frozen, "frozen")
        + "\tnot\texpired: security count\n\t\tsupported: enhanced erase\n"
        "\t78min for SECURITY ERASE UNIT. 78min for ENHANCED SECURITY ERASE UNIT.\n"
        "Logical Unit WWN Device Identifier: 50014ee200000002\n\tNAA\t\t: 5\n\tIEEE OUI\t: 0014ee\n\tUnique ID\t: 200000002\n"
        "Checksum: correct\n"
    )  # fmt: skip


def max_sectors(visible: int, native: int) -> str:
    """hdparm -N."""
    state = "disabled" if visible == native else "enabled"
    return f"\n/dev/sda:\n max sectors   = {visible}/{native}, HPA is {state}\n"


def issued(command: str) -> str:
    return f"\n/dev/sda:\nIssuing {command} command\nOperation started in background\nYou may use `--sanitize-status` to check progress\n"


def sanitize_status(state: str = "SD0 Sanitize Idle", *, well: bool = True, progress: str = "", before: str = "") -> str:
    done = "    Last Sanitize Operation Completed Without Error\n" if well else ""
    return f"\n/dev/sda:\n{before}Issuing SANITIZE_STATUS command\nSanitize status:\n    State:    {state}\n{progress}{done}"


def bitlocker(conversion: str, share: str, protection: str, *, volume: str = "C:", protectors: str = "TPM") -> str:
    method = "None" if share == "0.0%" else "XTS-AES 128"
    return (
        f"Volume {volume} [Windows]\n[OS Volume]\n\n    Size:                 237.23 GB\n    BitLocker Version:    2.0\n"
        f"    Conversion Status:    {conversion}\n    Percentage Encrypted: {share}\n    Encryption Method:    {method}\n"
        f"    Protection Status:    {protection}\n    Lock Status:          Unlocked\n    Identification Field: Unknown\n"
        + (f"    Key Protectors:\n        {protectors}\n\n" if protectors else "    Key Protectors:       None Found\n\n")
    )


BITLOCKER = (
    "BitLocker Drive Encryption: Configuration Tool version 10.0.19041\n"
    "Copyright (C) 2013 Microsoft Corporation. All rights reserved.\n\n"
    "Disk volumes that can be protected with\nBitLocker Drive Encryption:\n"
)


def bitlocker_zh(conversion: str, share: str, protection: str) -> str:
    method = "无" if share == "0.0%" else "XTS-AES 128"
    protectors = "找不到" if share == "0.0%" else "\n        密码\n        数字密码"
    return (
        "BitLocker 驱动器加密: 配置工具版本 10.0.19041\n版权所有 (C) 2013 Microsoft Corporation。保留所有权利。\n\n"
        "卷 D: [DATA]\n[数据卷]\n\n    大小:              931.48 GB\n    BitLocker 版本:    2.0\n"
        f"    转换状态:          {conversion}\n    已加密百分比:      {share}\n    加密方法:          {method}\n"
        f"    保护状态:          {protection}\n    锁定状态:          已解锁\n    标识字段:          未知\n"
        f"    自动解锁:          已禁用\n    密钥保护器:        {protectors}\n"
    )


ECID = 0x001A2B3C4D5E6F78


def iphone(**changed: str) -> str:
    """ideviceinfo of an A13 phone: the UDID is the chip's number and the ECID, each in hex digits."""
    lines = {
        "ActivationState": "Unactivated", "ActivationStateAcknowledged": "false", "BasebandStatus": "BBInfoAvailable",
        "BoardId": "4", "BrickState": "false", "BuildVersion": "21B74", "CPUArchitecture": "arm64e", "ChipID": str(0x8030),
        "DeviceClass": "iPhone", "DeviceName": "iPhone", "HardwareModel": "N104AP", "InternationalMobileEquipmentIdentity":
        "490154203237518", "PasswordProtected": "false", "ProductName": "iPhone OS", "ProductType": "iPhone12,1",
        "ProductVersion": "17.1", "ProductionSOC": "true", "SerialNumber": "INDP0000001", "SIMStatus": "kCTSIMSupportSIMStatusNotInserted",
        "UniqueChipID": str(ECID), "UniqueDeviceID": f"{0x8030:08X}-{ECID:016X}",
    } | changed  # fmt: skip
    return "".join(f"{key}: {value}\n" for key, value in lines.items() if value)


def android(**changed: str) -> str:
    """`adb shell getprop`."""
    lines = {
        "ro.build.version.release": "13", "ro.boot.flash.locked": "1", "ro.boot.serialno": "INDA000001",
        "ro.boot.vbmeta.device_state": "locked", "ro.boot.verifiedbootstate": "green", "ro.crypto.state": "encrypted",
        "ro.crypto.type": "file", "ro.frp.pst": "/dev/block/by-name/frp", "ro.product.brand": "independent",
        "ro.product.manufacturer": "Independent", "ro.product.model": "IND-1", "ro.serialno": "INDA000001", "sys.boot_completed": "1",
    } | {key.replace("__", "."): value for key, value in changed.items()}  # fmt: skip
    return "".join(f"[{key}]: [{value}]\n" for key, value in lines.items() if value)
