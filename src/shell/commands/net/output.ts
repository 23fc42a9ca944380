import type { CommandOutput } from '../../types';

/** What a command has printed so far, and in which order. */
export class Printer {
  private out = '';
  private err = '';
  private shown = '';

  /** To standard output. */
  print(text: string): void {
    this.out += text;
    this.shown += text;
  }

  /** To standard error. */
  complain(text: string): void {
    this.err += text;
    this.shown += text;
  }

  end(exit: number): CommandOutput {
    return { stdout: this.out, stderr: this.err, shown: this.shown, exit };
  }
}
