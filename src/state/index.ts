export { createState, type Found, type State, StateError } from './state.ts';
