import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * What Chromium complains about on a machine without a desktop, as containers and servers are: no message bus, no graphics card, no
 * sound. None of it concerns the app.
 */
const NOISE: readonly RegExp[] = [
  /^\s*$/,
  /:(?:ERROR|WARNING):(?:bus|object_proxy|viz_main_impl|gpu_|gl_|angle_|vaapi_|command_buffer_proxy|shared_context|atom_cache|node_bindings|power_monitor|upower|login_database|os_crypt)/,
  /Failed to connect to (?:the bus|socket)|org\.freedesktop|dbus/i,
  /libva error|MESA-LOADER|Gtk-WARNING|GLib-GObject|dconf-WARNING|libEGL warning/,
  /DevTools listening on/,
];

/** True for a line that tells a user nothing. */
export function isNoise(line: string): boolean {
  return NOISE.some((pattern) => pattern.test(line));
}

/** Passes on what a program writes to its standard error, without the noise. */
export function passOn(stream: Readable, to: NodeJS.WritableStream): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (!isNoise(line)) to.write(`${line}\n`);
  });
}
