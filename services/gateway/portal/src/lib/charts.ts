/** Only what the portal draws of ECharts; loaded with the first picture that is shown. */
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers' // sharp on paper, too

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export interface Drawn {
  show: (option: EChartsCoreOption) => void
  resize: () => void
  end: () => void
}

export function draw(place: HTMLElement): Drawn {
  const chart = init(place, null, { renderer: 'svg' })
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    show: (option) => chart.setOption({ animation: !isStill, ...option }, { notMerge: true }),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  }
}
