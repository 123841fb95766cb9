import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';

const MEGABYTE = 1e6;

interface Counters {
  busy: number;
  total: number;
}

/** Reads the machine's load under the names that MLflow's own system metrics have; differences are since the last, or the first, reading. */
export class SystemMonitor {
  private cpu = cpuTimes();
  private readonly networkStart = networkBytes();

  /** Percentages are 0 to 100, megabytes are 10^6 bytes; what the machine does not tell is left out. */
  async read(): Promise<Record<string, number>> {
    const now = cpuTimes();
    const total = now.total - this.cpu.total;
    const busy = now.busy - this.cpu.busy;
    this.cpu = now;
    const memory = usedMemory();
    const disk = await diskUsage();
    const network = networkBytes();
    return {
      ...(total > 0 ? { 'system/cpu_utilization_percentage': round((100 * busy) / total) } : {}),
      'system/system_memory_usage_megabytes': round(memory / MEGABYTE),
      'system/system_memory_usage_percentage': round((100 * memory) / totalmem()),
      ...disk,
      ...(network === undefined || this.networkStart === undefined
        ? {}
        : {
            'system/network_receive_megabytes': round(
              (network.received - this.networkStart.received) / MEGABYTE,
            ),
            'system/network_transmit_megabytes': round((network.sent - this.networkStart.sent) / MEGABYTE),
          }),
    };
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function cpuTimes(): Counters {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** Bytes in use, without the caches that the system gives back when it needs them. */
function usedMemory(): number {
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (available !== undefined) return totalmem() - Number(available) * 1024;
  } catch {
    // Not a Linux machine.
  }
  return totalmem() - freemem();
}

async function diskUsage(): Promise<Record<string, number>> {
  try {
    const { blocks, bfree, bavail, bsize } = await statfs('/');
    const used = blocks - bfree;
    return {
      'system/disk_usage_megabytes': round((used * bsize) / MEGABYTE),
      'system/disk_usage_percentage': round((100 * used) / (used + bavail)),
      'system/disk_available_megabytes': round((bavail * bsize) / MEGABYTE),
    };
  } catch {
    return {};
  }
}

function networkBytes(): { received: number; sent: number } | undefined {
  try {
    let [received, sent] = [0, 0];
    for (const line of readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2)) {
      const fields = line
        .slice(line.indexOf(':') + 1)
        .trim()
        .split(/\s+/);
      received += Number(fields[0] ?? 0);
      sent += Number(fields[8] ?? 0);
    }
    return { received, sent };
  } catch {
    return undefined;
  }
}
