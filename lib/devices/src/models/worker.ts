/**
 * The process that makes model files. It is a process of its own so that a network whose making takes too
 * long, or takes too much memory, costs one record.
 */
import { answerCalls } from '../processes/answer.js'
import { writeRecordModel } from './write.js'

answerCalls(({ args }) => writeRecordModel(...(args as Parameters<typeof writeRecordModel>)))
