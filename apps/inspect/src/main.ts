import { runCommand } from '@label-relaxation/experiments';
import { inspect } from './inspect/command';

void runCommand((signal) => inspect(process.argv.slice(2), signal));
