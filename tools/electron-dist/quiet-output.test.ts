import { expect, it } from 'vitest';
import { isNoise } from './quiet-output.ts';

it.each([
  '[20881:1201/034214.964200:ERROR:bus.cc(407)] Failed to connect to the bus: Failed to connect to socket /run/dbus/system_bus_socket: No such file or directory',
  '[20881:1201/034215.267156:ERROR:object_proxy.cc(576)] Failed to call method: org.freedesktop.DBus.NameHasOwner: object_path= /org/freedesktop/DBus: unknown error type:',
  '[1:1/1:ERROR:viz_main_impl.cc(181)] Exiting GPU process due to errors during initialization',
  '(electron:123): Gtk-WARNING **: cannot open display',
])('is noise: %s', (line) => {
  expect(isNoise(line)).toBe(true);
});

it.each([
  'Haulyard is already open.',
  'error while loading shared libraries: libgtk-3.so.0: cannot open shared object file',
  'Uncaught exception: TypeError: x is not a function',
])('is passed on: %s', (line) => {
  expect(isNoise(line)).toBe(false);
});
