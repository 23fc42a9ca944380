/** What a page loads when it is wanted: all extensions, and what is made from their declarations. */
export { catalogue } from './catalogue';
export { allExtensions } from './extensions';
export { findings } from './findings';
export { ruleForm } from './text/form';
