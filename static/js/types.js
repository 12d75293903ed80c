// @ts-check
/**
 * The names of the page's types, in one place. Nothing here runs.
 *
 * @typedef {'term' | 'neuron' | 'layer' | 'pass' | 'iteration'} Granularity
 * @typedef {import('./api-types.js').components['schemas']} Wire what the server's own description says
 * @typedef {Wire['SessionView']} Session
 * @typedef {Wire['EventView']} StepEvent
 * @typedef {Wire['ExplanationView']} Explanation
 * @typedef {Wire['PartView']} Part some words of a sentence, or one of its numbers
 * @typedef {Wire['FigureView']} Figure one of the numbers that a larger step came to
 * @typedef {Wire['StretchView']} Stretch the events of one layer in one phase
 * @typedef {Wire['PresetView']} Preset
 * @typedef {Wire['CostsView']} CostCurve
 * @typedef {Wire['ShockView']} Shock
 * @typedef {Wire['WaysView']} Ways
 * @typedef {Wire['WayView']} Way
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
 * @property {'retry' | 'restart' | 'back' | null} [offer]
 * @property {boolean} [told] whether the server said it of the last change: the next step or change takes it away
 * @property {boolean} [waiting] whether it stands for a request that is tried again
 *
 * @typedef {object} CardState the number whose card lies open
 * @property {string} address
 * @property {string[]} trail the numbers walked through on the way here
 * @property {boolean} quiet opened by the page's address: the focus stays where it is
 *
 * @typedef {{text: string, event: number | null}} Unknown why there is no answer, and the event it comes with
 * @typedef {{address: string, explanation: Explanation | null, unknown: Unknown | null}} Answer
 * @typedef {{address: string, by: number, shock: Shock | null, problem: string | null}} Probe what a nudge does
 * @typedef {{address: string, found: Ways | null, unknown: Unknown | null}} WaysAnswer
 * @typedef {{kind: 'ripple' | 'way', parts: {key: string}[]}} Marks
 *   parts of the diagram that the card points at
 *
 * @typedef {object} State the one frozen state of the page
 * @property {Session | null} session
 * @property {import('./domains.js').Domains | null} domains the ends of the drawing's scales
 * @property {import('./route.js').Origin} origin where what is on the desk was opened from
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
 * @property {'formula' | 'matrices' | 'blame' | 'code'} panel what the column beside the network shows of a step
 * @property {'step' | 'activation' | 'error'} fill what fills the neurons; `step`: what the step is about
 * @property {number} digits decimals of an ordinary number, as the learner chose
 * @property {CostCurve | null} curve
 * @property {string} call the last command as the API was asked, for those who write scripts
 * @property {CardState | null} card
 * @property {Answer | null} answer what the server said about the card's number
 * @property {Probe | null} probe
 * @property {WaysAnswer | null} ways
 * @property {Marks | null} marks
 *
 * @typedef {{type: string, [key: string]: any}} Action
 * @typedef {(action: Action) => void} Dispatch
 */

export {};
