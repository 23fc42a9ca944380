import { quoted } from '../print/rule';
import { text } from '../read/kinds';
import { criterion, defineMatch, option } from '../record';

interface CommentConfig {
  readonly comment: string;
}

export const comment = defineMatch({
  name: 'comment',
  title: 'Comment',
  help: 'A remark for people; every packet passes it.',
  options: {
    comment: option(text({ cut: 255 }), 'Up to 256 characters', { required: true }),
  },
  parse: (uses): CommentConfig => ({ comment: uses.comment!.value }),
  print: (c) => ` --comment${quoted(c.comment)}`,
  list: (c) => ` /* ${c.comment} */`,
  match: () => true,
  explain: (c) => [criterion(`--comment${quoted(c.comment)}`, true, '')],
});
