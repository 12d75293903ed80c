// @ts-check
/**
 * The names of the page's types, in one place. Nothing here runs.
 *
 * @typedef {'term' | 'neuron' | 'layer' | 'pass' | 'iteration'} Granularity
 * @typedef {'ready' | 'forward' | 'cost' | 'backward' | 'update' | 'done'} Phase
 * @typedef {(number | null)[]} Row one number per neuron, null while it is not computed
 *
 * @typedef {object} LayerInfo
 * @property {string} role
 * @property {number} size
 * @property {string[]} names
 * @property {string | null} [activation]
 * @property {number[][] | null} [weights] [n][m]
 * @property {number[] | null} [biases]
 *
 * @typedef {object} Explanation
 * @property {string} address
 * @property {string} label
 * @property {string} title
 * @property {number} value
 * @property {string} shown the value with the digits that make the formula add up
 * @property {string} sentence
 * @property {{text: string, tokens: Token}} formula
 * @property {{text: string, tokens: Token}} substituted
 * @property {{label: string, value: number, done: number, of: number, shown: string,
 *   substituted: {text: string, tokens: Token}} | null} running the sum this number adds to
 *
 * @typedef {object} StepEvent
 * @property {number} number
 * @property {Exclude<Phase, 'ready' | 'done'>} phase
 * @property {string} kind
 * @property {number} layer
 * @property {number} neuron
 * @property {number} index
 * @property {string} address
 * @property {number[]} values
 * @property {number[] | null} [running]
 * @property {Explanation} explanation
 *
 * @typedef {object} Position
 * @property {number} iteration
 * @property {number} epoch
 * @property {number} event
 * @property {number} events
 * @property {Phase} phase
 * @property {{phase: string, sentence: string}} next
 * @property {Stretch[]} stretches
 *
 * @typedef {object} Stretch the events of one layer in one phase
 * @property {string} phase
 * @property {number} layer
 * @property {number} first
 * @property {number} last
 *
 * @typedef {object} Values
 * @property {(Row[] | null)[]} a
 * @property {(Row[] | null)[]} z
 * @property {(Row[] | null)[]} delta
 * @property {(Row[][] | null)[]} [blame_terms]
 * @property {(Row[] | null)[]} weight_gradients
 * @property {(Row | null)[]} bias_gradients
 * @property {Row | null} losses
 * @property {number | null} cost
 * @property {(number[][] | null)[] | null} previous_weights
 * @property {(number[] | null)[] | null} previous_biases
 * @property {number | null} cost_after
 *
 * @typedef {object} Session
 * @property {string | null} id
 * @property {number} revision
 * @property {string | null} preset
 * @property {string[]} [notices]
 * @property {{sentence: string} | null} diverged
 * @property {string} title
 * @property {{layers: LayerInfo[], cost: string, parameters: number}} network
 * @property {{name: string, observations: number, row_noun: string, picture: number[] | null}} data
 * @property {Position} position
 * @property {StepEvent | null} event
 * @property {{rows: number[], targets: number[][], focus: number, shown: number[], labels: string[],
 *   classes: (string | null)[], readings: string[][], target_readings: string[][]}} batch
 * @property {Values} values
 * @property {{iterations: number, costs: number[]}} history
 *
 * @typedef {object} Preset
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {number[]} layers
 *
 * @typedef {object} Token one node of a formula's tree
 * @property {'num' | 'sym' | 'op' | 'row' | 'frac' | 'sup' | 'sum' | 'paren' | 'call' | 'dots'} t
 * @property {string} [text]
 * @property {string | null} [sub]
 * @property {string} [sup] the observation a symbol belongs to
 * @property {string} [prefix] "new" or "old"
 * @property {number | null} [value]
 * @property {string | null} [address]
 * @property {string | null} [role]
 * @property {Token[]} [items]
 * @property {Token} [top]
 * @property {Token} [bottom]
 * @property {Token} [base]
 * @property {Token} [exponent]
 * @property {string} [index]
 * @property {Token} [body]
 * @property {string} [name]
 * @property {Token[]} [args]
 * @property {boolean} [current]
 * @property {boolean} [pending]
 *
 * @typedef {object} Message
 * @property {'note' | 'problem'} kind
 * @property {string} text
 * @property {'retry' | 'restart' | null} [offer]
 *
 * @typedef {object} CostCurve
 * @property {number[]} iterations
 * @property {number[]} costs
 *
 * @typedef {object} State the one frozen state of the page
 * @property {Session | null} session
 * @property {number} desk counts the sessions put on the desk, so that a late reply for another is known
 * @property {Preset[]} presets
 * @property {Granularity} granularity
 * @property {Granularity} scope what the last move covered; everything outside it is dimmed
 * @property {number} moves counts the positions shown
 * @property {boolean} forward whether the last move went forward by one stop
 * @property {boolean} playing
 * @property {number} pace milliseconds between two steps of Play
 * @property {boolean} busy
 * @property {Message | null} message
 * @property {string | null} lit the part under the pointer or the focus
 * @property {'auto' | 'light' | 'dark'} theme
 * @property {'diagram' | 'table'} view
 * @property {CostCurve | null} curve
 *
 * @typedef {{type: string, [key: string]: any}} Action
 * @typedef {(action: Action) => void} Dispatch
 */

export {};
