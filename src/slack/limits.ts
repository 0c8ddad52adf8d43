/**
 * What Slack takes at most.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
export const LIMITS = {
  headerText: 150,
  sectionText: 3000,
  sectionFields: 10,
  fieldText: 2000,
  buttonText: 75,
  buttonValue: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
  optionValue: 150,
  /** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
  selectOptions: 100,
  overflowOptions: 5,
  blockId: 255,
  placeholder: 150,
  inputLabel: 2000,
  tableRows: 100,
  tableColumns: 20,
  /** In all cells together: https://docs.slack.dev/reference/block-kit/blocks/table-block */
  tableLetters: 10_000,
  chartTitle: 50,
  chartLabel: 20,
  chartPoints: 20,
  chartSeries: 6,
  /** https://docs.slack.dev/interactivity/handling-user-interaction */
  responseUrlUses: 5,
  responseUrlLifetime: 30 * 60_000,
} as const;
