# A template of python3-dbusmock: udisks2 as ferrotape meets it. Parameters: {"blocks": {"sdb1": "DRIVE"}, "drives":
# {"DRIVE": {"Ejectable": true, "CanPowerOff": true}}, "busy": ["sdb1"], "denied": ["sdb1"]}.
import dbus
from dbusmock import get_object

BUS_NAME = "org.freedesktop.UDisks2"
MAIN_OBJ = "/org/freedesktop/UDisks2/Manager"
MAIN_IFACE = BUS_NAME + ".Manager"
SYSTEM_BUS = True
BASE = "/org/freedesktop/UDisks2/"


def refuse(word, says):
    return f"raise dbus.exceptions.DBusException({says!r}, name='{BUS_NAME}.Error.{word}')"


def told(method):
    return f"self.log('CALL ' + self.path + ' {method}'); "


def load(mock, parameters):
    blocks = {str(name): str(drive) for name, drive in parameters["blocks"].items()}
    busy, denied = parameters.get("busy", []), parameters.get("denied", [])
    mock.AddProperty(MAIN_IFACE, "Version", "2.9.4")
    resolve = f"name = str(args[0]['path']).rsplit('/', 1)[1]; ret = ['{BASE}block_devices/' + name] if name in {list(blocks)!r} else []"
    mock.AddMethod(MAIN_IFACE, "ResolveDevice", "a{sv}a{sv}", "ao", resolve)
    for name, drive in blocks.items():
        code = refuse("DeviceBusy", f"Error unmounting /dev/{name}: target is busy") if name in busy else ""
        code = refuse("NotAuthorized", "Not authorized to perform operation") if name in denied else code
        path = BASE + "block_devices/" + name
        methods = [("Unmount", "a{sv}", "", told("Unmount") + code)]
        mock.AddObject(path, BUS_NAME + ".Filesystem", {}, methods)
        drive_path = dbus.ObjectPath(BASE + "drives/" + drive if drive else "/")
        get_object(path).AddProperties(BUS_NAME + ".Block", {"Drive": drive_path})
    for drive, says in parameters.get("drives", {}).items():
        properties = {str(name): dbus.Boolean(value) for name, value in says.items()}
        methods = [(name, "a{sv}", "", told(name)) for name in ("Eject", "PowerOff")]
        mock.AddObject(BASE + "drives/" + str(drive), BUS_NAME + ".Drive", properties, methods)
